/**
 * `/etc/drbd.d/global_common.conf`, to be there before the first drbdadm call, which asks usage.drbd.org otherwise.
 * Settings stand with their resource, so that one file says all about it.
 */
export function renderGlobalCommon(): string {
  return 'global {\n  usage-count no;\n}\n\ncommon {\n}\n'
}
