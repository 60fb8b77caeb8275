/** What logind has systemd do for `systemctl reboot`, asked of systemd itself: it answers before it stops anything. */
export const REBOOT_NOW = 'systemctl start --no-block --job-mode=replace-irreversibly reboot.target'

/** The same for `systemctl poweroff`. */
export const POWEROFF_NOW = 'systemctl start --no-block --job-mode=replace-irreversibly poweroff.target'
