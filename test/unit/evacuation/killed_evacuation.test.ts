import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextStep as afterwards } from '../../../roles/vz_restore/decide.ts'
import { nextStep } from '../../../roles/vz_evacuate/decide.ts'
import type { SeenDisk } from '../../../roles/vz_evacuate/decide.ts'
import type { FileSystem, Marker } from '../../../src/evacuation/marker.ts'

// The roles' order of steps, on a node that is a few words. It dies between any two steps, and in the middle of those that
// take long; the machine is rebooted, or somebody changes the vars, and the next run has only the marker and its eyes.

type Share = 'none' | 'part' | 'all'

interface World {
  marker: Marker | null
  /** What the disk shows: the old file system, what is left of it, DRBD's metadata with or without the new one. */
  disk: 'old' | 'remains' | 'blank' | 'drbd' | 'new'
  mounted: boolean
  /** How often the old file system was put to use again, with data that no copy made before has. */
  uses: number
  /** How much of the data is in the copy, and on the new file system. */
  copy: Share
  restored: Share
}

const old: FileSystem = { type: 'ext4', uuid: 'old' }
const onto: FileSystem = { type: 'ext4', uuid: 'new' }
const start = (): World => ({
  marker: null,
  disk: 'old',
  mounted: true,
  uses: 0,
  copy: 'none',
  restored: 'none',
})

interface Vars {
  from: boolean
  expendable: boolean
  to: string
  keep: boolean
}
const right: Vars = { from: true, expendable: false, to: '/srv', keep: true }

const digest = (uses: number): string => String(uses).padStart(64, '0')

function seen({ disk, mounted, uses }: World): SeenDisk {
  const head = digest(uses)
  if (disk === 'old')
    return {
      kind: 'file system',
      fileSystem: old,
      mounted,
      head,
      files: mounted ? ['1 bytes  /vz/file'] : null,
    }
  const kind = disk === 'new' ? 'drbd' : disk
  return { kind, fileSystem: undefined, mounted: false, head, files: null }
}

/** One run of both roles, and of what comes between them; it may end after every word that it yields. */
function* run(world: World, { from, expendable, to, keep }: Vars): Generator<string, string> {
  const step = nextStep({
    node: 'server1',
    device: '/dev/vz',
    keeps: from,
    expendable,
    joins: false,
    to,
    elsewhere: undefined,
    marker: world.marker,
    disk: seen(world),
  })
  if (step.kind === 'refused') return `refused: ${step.reason}`
  if (step.kind === 'copy') {
    world.marker = { phase: 'copying', was: old, to }
    yield 'marked copying'
    world.mounted = true
    yield 'mounted read-only'
    // rsync --delete from what is there: the copy is what the disk is.
    world.copy = 'part'
    yield 'copying'
    world.copy = world.disk === 'old' ? 'all' : 'none'
    yield 'copied and compared'
    world.mounted = false
    yield 'unmounted'
    world.marker = {
      phase: 'wiping',
      was: old,
      copy: { to, vz: 'a'.repeat(64), etc: null },
      head: digest(world.uses),
    }
    yield 'marked wiping'
  }
  if (step.kind === 'lose') {
    world.marker = { phase: 'wiping', was: old, copy: null, head: null }
    yield 'marked given up'
    world.mounted = false
    yield 'unmounted'
  }
  if (['copy', 'lose', 'wipe'].includes(step.kind)) {
    world.mounted = false
    world.disk = 'remains'
    yield 'wiping'
    world.disk = 'blank'
    yield 'wiped'
  }
  if (step.kind !== 'done') {
    const { copy } = world.marker as Extract<Marker, { phase: 'wiping' }>
    world.marker = { phase: 'evacuated', was: old, copy }
    yield 'marked evacuated'
  }
  if (world.disk === 'blank') world.disk = 'drbd'
  yield 'metadata made'
  if (world.disk === 'drbd') world.disk = 'new'
  yield 'file system made'

  const { marker } = world
  const fileSystem = world.disk === 'new' ? onto : undefined
  const next = afterwards({ node: 'server1', device: '/dev/drbd0', marker, fileSystem, keep })
  if (next.kind === 'refused') return `refused: ${next.reason}`
  if (next.kind === 'nothing') return 'done'
  const { was, copy } = next
  if (next.kind === 'restore') {
    if (!next.begun && world.restored !== 'none') return 'refused: it is not empty'
    world.marker = { phase: 'restoring', was, copy, onto }
    yield 'marked restoring'
    world.restored = 'part'
    yield 'restoring'
    world.restored = world.copy
    yield 'restored and compared'
    world.marker = { phase: 'restored', was, copy, onto }
    yield 'marked restored'
  }
  if (!keep) {
    world.copy = 'part'
    yield 'removing the copy'
    world.copy = 'none'
    yield 'removed'
    world.marker = { phase: 'restored', was, copy: null, onto }
    yield 'marked removed'
  }
  return 'done'
}

const isSafe = ({ disk, copy, restored }: World): boolean =>
  disk === 'old' || copy === 'all' || restored === 'all'

/** @returns how it ended, or undefined where it died after so many steps */
function runUntil(world: World, vars: Vars, steps: number): string | undefined {
  const running = run(world, vars)
  const told: string[] = []
  for (let count = 0; count < steps; count += 1) {
    const { value, done } = running.next()
    told.push(value)
    if (!vars.expendable) expect(isSafe(world), `${told.join(', ')}: ${JSON.stringify(world)}`).toBe(true)
    if (done) return value
  }
  return undefined
}

const deaths = fc.array(fc.record({ steps: fc.nat(24), reboot: fc.boolean() }), { maxLength: 6 })

function die(world: World, reboot: boolean): void {
  if (reboot) world.mounted = false
}

/** Somebody mounts the old /vz once more and works on it: what was copied before is not complete any more. */
function useAgain(world: World): void {
  if (world.disk !== 'old') return
  world.mounted = true
  world.uses += 1
  if (world.copy === 'all') world.copy = 'part'
}

test('a run that dies anywhere, any number of times, always leaves a complete copy; the last one ends as the first would have', () => {
  fc.assert(
    fc.property(deaths, fc.boolean(), (killed, keep) => {
      const vars = { ...right, keep }
      const undisturbed = start()
      expect(runUntil(undisturbed, vars, 99)).toBe('done')
      const world = start()
      for (const { steps, reboot } of killed) {
        const how = runUntil(world, vars, steps)
        expect(how === undefined || how === 'done', how).toBe(true)
        // Before the marker, and in no run of ours, a reboot mounts it by fstab.
        die(world, reboot && world.marker !== null)
      }
      expect(runUntil(world, vars, 99)).toBe('done')
      expect(world).toEqual(undisturbed)
      expect(runUntil(world, vars, 99)).toBe('done')
      expect(world).toEqual(undisturbed)
    }),
  )
})

test('whoever changes the vars between two runs, a complete copy stays, or it was said that it may be lost', () => {
  const vars = fc.record<Vars>({
    from: fc.boolean(),
    expendable: fc.constant(false),
    to: fc.constantFrom('/srv', '/elsewhere'),
    keep: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(fc.record({ vars, steps: fc.nat(24), reboot: fc.boolean() }), { maxLength: 8 }),
      (runs) => {
        const world = start()
        for (const { vars: given, steps, reboot } of runs) {
          runUntil(world, given, steps)
          die(world, reboot)
          expect(isSafe(world), JSON.stringify(world)).toBe(true)
        }
      },
    ),
  )
})

test('where somebody works on the old /vz again after a run that died, what is new in it is not lost either', () => {
  const life = fc.record({
    steps: fc.nat(24),
    reboot: fc.boolean(),
    used: fc.boolean(),
    rebootAfter: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(life, { maxLength: 6 }), (lives) => {
      const world = start()
      for (const { steps, reboot, used, rebootAfter } of lives) {
        runUntil(world, right, steps)
        die(world, reboot)
        if (used) useAgain(world)
        die(world, rebootAfter)
      }
      runUntil(world, right, 99)
    }),
  )
})

test('what was begun as the one to keep is not given up by saying later that it may be lost', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), (steps) => {
      const world = start()
      runUntil(world, right, steps)
      runUntil(world, { ...right, from: false, expendable: true }, 99)
      expect(isSafe(world), JSON.stringify(world)).toBe(true)
    }),
  )
})
