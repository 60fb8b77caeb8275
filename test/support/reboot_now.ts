/** What logind has systemd do for `systemctl reboot`, asked of systemd itself: it answers before it stops anything. */
export const REBOOT_NOW = 'systemctl start --no-block --job-mode=replace-irreversibly reboot.target'
