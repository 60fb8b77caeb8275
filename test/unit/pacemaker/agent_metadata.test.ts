import { expect, test } from 'vitest'
import { parseAdvice } from '../../../src/pacemaker/agent_metadata.ts'

test('what ocf:pacemaker:Stateful of pacemaker 2.0 advises', () => {
  const advice = parseAdvice(`<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="Stateful" version="1.1"><actions>
<action name="start"   timeout="20s" />
<action name="monitor" depth="0" timeout="20s" interval="10s" role="Master"/>
<action name="monitor" depth="0" timeout="20s" interval="11s" role="Slave"/>
<action name="promote" timeout="10s" />
<action name="meta-data"  timeout="5s" />
<action name="validate-all"  timeout="30s" />
</actions></resource-agent>`)
  expect(advice.map(({ name, interval, timeout, role }) => [name, interval, timeout, role])).toEqual([
    ['monitor', '10s', '20s', 'Promoted'],
    ['monitor', '11s', '20s', 'Unpromoted'],
    ['promote', '0s', '10s', undefined],
    ['start', '0s', '20s', undefined],
  ])
})

test('a fence agent, a deeper monitor, and nothing', () => {
  const advise = (actions: string) =>
    parseAdvice(`<resource-agent><actions>${actions}</actions></resource-agent>`)
  expect(advise('<action name="monitor"/><action name="off"/><action name="on" automatic="0"/>')).toEqual([
    { name: 'monitor', interval: '60s', timeout: undefined, role: undefined, options: {} },
  ])
  expect(advise('<action name="monitor" interval="120s" timeout="60s" depth="20"/>')[0]?.options).toEqual({
    OCF_CHECK_LEVEL: '20',
  })
  expect(parseAdvice('<resource-agent/>')).toEqual([])
})
