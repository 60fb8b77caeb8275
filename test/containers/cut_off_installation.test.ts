import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { killController, withoutOrphans } from './controller_death.ts'

const ROLE = `  async run({ nodes }) {
    await nodes.first.package({ names: ['corosync', 'pacemaker'], start_services: false, recommends: false })
  },`

const POLICY = '/usr/sbin/policy-rc.d'

describe('an installation that starts no services', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await raiseLab({ nodes: 1, warm: ['cluster'] })
    onTestFinished(() => lab.down())
    await lab.exec('server1', `printf '#!/bin/sh\\nexit 0\\n' >${POLICY}; chmod 0755 ${POLICY}`)
  })

  const said = async (script: string): Promise<string> =>
    (await lab.exec('server1', `{ ${script}; } 2>&1`)).stdout.trim()
  const logged = (status: string) => async (): Promise<boolean> =>
    (await lab.exec('server1', `grep -q "${status}" /var/log/dpkg.log`)).exitCode === 0
  const state = {
    packages: () => said("dpkg --audit; dpkg-query -W -f '${Package} ${Status}\\n' corosync pacemaker"),
    services: () => said('systemctl is-active corosync pacemaker | sort -u'),
    policy: () => said(`ls ${POLICY}*; tail -n 1 ${POLICY}`),
  }
  const complete = async (): Promise<void> => {
    expect(await state.packages()).toBe('corosync install ok installed\npacemaker install ok installed')
    expect(await state.services()).toBe('inactive')
    expect(await state.policy()).toBe(`${POLICY}\nexit 0`)
  }

  test('goes on to its end on the node when the controller is killed', async () => {
    const killed = engineProject(lab, { install: ROLE }).start()
    await until(logged('status half-installed'))
    await killController(killed)
    await withoutOrphans(lab)
    await complete()
  })

  test('is completed by the next run when it was cut off on the node itself', async () => {
    const site = engineProject(lab, { install: ROLE })
    const broken = site.start()
    await until(logged('status half-configured'))
    await lab.exec('server1', 'kill -KILL $(pidof apt-get dpkg)')
    expect((await broken.ended).exitCode).toBe(2)
    expect(await state.packages()).not.toBe('')

    const next = await site.run()
    expect(next.exitCode, next.output).toBe(0)
    await complete()
  })
})
