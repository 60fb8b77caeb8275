import { fine, refuse } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { atLeast, isRefusal, newerThanKnown, releaseOf, rowFor, within } from './versions.ts'

/** The least drbd-utils that command a module. */
const LEAST: readonly { readonly from: string; readonly utils: string }[] = [
  { from: '8.4.0', utils: '8.9.4' },
  { from: '9.0.0', utils: '9.2.0' },
]

/**
 * What a module's own package asks for (drbd-kernel.spec), where that is more. Older utils command it as well, but a node
 * that comes back does not get its quorum from its metadata, and the newest options and transports can not be set.
 */
const ASKED: readonly { readonly from: string; readonly utils: string }[] = [
  { from: '9.1.19', utils: '9.27.0' },
  { from: '9.2.0', utils: '9.2.0' },
  { from: '9.2.6', utils: '9.25.0' },
  { from: '9.2.8', utils: '9.27.0' },
]

/**
 * Whether drbd-utils command a module. Newer utils serve every module of 9; one of 8.4 through tools of its own, which
 * a build can leave out.
 *
 * @param support84 whether the utils were built with 84support, as they are by default
 */
export function utilsServe(
  utils: string,
  module: string,
  { support84 = true }: { support84?: boolean } = {},
): Verdict<{ least: string }> {
  const [tools, driver] = [releaseOf('drbd-utils', utils), releaseOf('drbd', module)]
  if (isRefusal(tools)) return tools
  if (isRefusal(driver)) return driver
  const { utils: least } = rowFor(LEAST, driver)!
  if (!atLeast(tools, least)) {
    return refuse(`drbd-utils ${tools.text} are too old for DRBD ${driver.text}`, {
      expected: `drbd-utils ${least} or newer`,
      seen: `drbd-utils ${tools.text}`,
      remedy: `Choose drbd-utils ${least} or newer; they serve every older DRBD as well.`,
    })
  }
  if (within(driver, '<9.0.0') && !support84) {
    return refuse(`drbd-utils ${tools.text} without 84support do not command DRBD ${driver.text}`, {
      expected: 'drbd-utils built with 84support',
      seen: 'drbd-utils built with --without-84support',
      remedy: 'Build them without that option, or choose DRBD 9.',
    })
  }
  const asked = rowFor(ASKED, driver)?.utils
  const older =
    asked === undefined || atLeast(tools, asked)
      ? []
      : [
          `DRBD ${driver.text} asks for drbd-utils ${asked} or newer; ${tools.text} command it, but do not restore quorum from its metadata, nor know its newest options.`,
        ]
  return { ...fine(...older, ...newerThanKnown(tools), ...newerThanKnown(driver)), least }
}
