/** Machines of a lab, of whichever kind, that can fail and be replaced. */
export interface Machines extends AsyncDisposable {
  /** Path of the inventory as it is now: a machine that is replaced may have another address to log in at. */
  inventory(): string
  /** A command that runs the one behind it in their network. */
  readonly within: readonly string[]
  powerOff(name: string): Promise<void>
  powerOn(name: string): Promise<void>
  /** Cuts its power, where it has any, and boots a machine with a new system and a new spare disk in its place. */
  reinstall(name: string): Promise<void>
  /** While it is off: a blank disk in place of its spare one. */
  replaceDisk(name: string): Promise<void>
}
