import { expect, test } from 'vitest'
import { shown } from '../../../../../src/cli/cib/show.ts'
import { exportCib } from '../../../../../src/pacemaker/cib/export/export_cib.ts'
import { parseXml } from '../../../../../src/pacemaker/xml.ts'

/** As an Apache cluster is typed in crm, with a fence device and what hands left there. */
const CIB = parseXml(`<cib validate-with="pacemaker-3.9"><configuration>
<crm_config><cluster_property_set id="o">
  <nvpair id="o1" name="cluster-name" value="web"/><nvpair id="o2" name="dc-version" value="2.1.5"/>
  <nvpair id="o3" name="no-quorum-policy" value="ignore"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="server1"><instance_attributes id="n"><nvpair id="n1" name="standby" value="off"/></instance_attributes></node></nodes>
<resources>
  <group id="web">
    <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2" description="the address">
      <instance_attributes id="v"><nvpair id="v1" name="ip" value="192.168.0.203"/></instance_attributes>
      <operations><op id="v2" name="monitor" interval="10s"/></operations></primitive>
    <primitive id="httpd" class="ocf" provider="heartbeat" type="apache">
      <instance_attributes id="h"><nvpair id="h1" name="statusurl" value="http://a:hush@127.0.0.1/é"/></instance_attributes>
      <operations><op id="h2" name="monitor" interval="10s"/><op id="h3" name="start" interval="0" timeout="1min"><meta_attributes id="h4"/></op></operations></primitive>
    <meta_attributes id="w"><nvpair id="w1" name="target-role" value="Stopped"/></meta_attributes>
  </group>
  <clone id="clone_ping"><primitive id="ping" class="ocf" provider="pacemaker" type="ping">
    <instance_attributes id="p"><nvpair id="p1" name="name" value="default_ping_set"/><nvpair id="p2" name="debug" value=""/></instance_attributes></primitive></clone>
  <primitive id="ipmi" class="stonith" type="fence_ipmilan">
    <instance_attributes id="i"><nvpair id="i1" name="password" value="hush"/><nvpair id="i2" name="password_script" value="/x"/></instance_attributes>
    <operations><op id="i3" name="monitor" interval="60s"/></operations></primitive>
  <bundle id="box"/>
</resources>
<constraints>
  <rsc_location id="web_location" rsc="web"><rule id="r" score="-INFINITY" boolean-op="or">
    <expression id="r1" attribute="default_ping_set" operation="not_defined"/>
    <expression id="r2" attribute="default_ping_set" operation="lt" value="1000"/></rule></rsc_location>
  <rsc_location id="cli-prefer-web" rsc="web" role="Started" node="server1" score="INFINITY"/>
  <rsc_location id="office" rsc="web"><rule id="d" score="5"><date_expression id="d1" operation="date_spec"><date_spec id="d2" hours="9-16"/></date_expression></rule></rsc_location>
  <rsc_location id="nested" rsc="vip"><rule id="e" score="5" boolean-op="and"><expression id="e1" attribute="a" operation="defined"/>
    <rule id="e2" boolean-op="or"><expression id="e3" attribute="b" operation="defined"/><expression id="e4" attribute="c" operation="defined"/></rule></rule></rsc_location>
  <rsc_colocation id="loose" rsc="vip" with-rsc="httpd" score="5" influence="false"/>
  <rsc_order id="all" kind="Mandatory"><resource_set id="s"><resource_ref id="vip"/></resource_set></rsc_order>
  <rsc_ticket id="t" rsc="vip" ticket="x"/>
</constraints>
<fencing-topology><fencing-level id="f1" index="1" target="server1" devices="ipmi"/><fencing-level id="f2" index="1" target-pattern="s.*" devices="ipmi"/></fencing-topology>
<alerts><alert id="mail" path="/usr/bin/mail"/></alerts>
<rsc_defaults><meta_attributes id="d3"><nvpair id="d4" name="resource-stickiness" value="INFINITY"/></meta_attributes></rsc_defaults>
</configuration></cib>`)

const form = (as: 'yaml' | 'pcs' | 'crm') => shown(exportCib(CIB), as, 'server1')

/** Told of every form. */
const UNSAID = [
  'vip: description=the address',
  'httpd: operation start interval=0: meta_attributes h4',
  'resources: bundle box',
  'location cli-prefer-web, which crm_resource --move or --ban, or DRBD, put there for a while',
  'location office, with date_spec d2',
  'colocation loose, with influence=false',
  'order all, with resource_set s',
  'ticket t, with rsc_ticket t',
  'fencing level 1 of several nodes: ipmi, with target-pattern=s.*',
  'node server1: attribute standby=off',
  'alerts: alert mail',
]
const PASSWORDS = [
  'httpd: statusurl, for which HTTPD_STATUSURL stands',
  'ipmi: password, for which IPMI_PASSWORD stands',
]

test('as vars of cluster_resources', () => {
  const { text, unsaid } = form('yaml')
  expect(text).toMatchInlineSnapshot(`
    "# The cluster web, as server1 knows it.
    cluster_properties:
      no-quorum-policy: ignore
    cluster_resource_defaults:
      resource-stickiness: INFINITY
    cluster_resources:
      vip:
        agent: ocf:heartbeat:IPaddr2
        options:
          ip: 192.168.0.203
        operations:
          monitor: 10s
      httpd:
        agent: ocf:heartbeat:apache
        options:
          statusurl: !env HTTPD_STATUSURL
        operations:
          monitor: 10s
          start: { timeout: 1min }
      ping:
        agent: ocf:pacemaker:ping
        options:
          name: default_ping_set
          debug: ""
        clone: { id: clone_ping }
      ipmi:
        agent: stonith:fence_ipmilan
        options:
          password: !env IPMI_PASSWORD
          password_script: /x
        operations:
          monitor: 60s
    cluster_groups:
      web:
        resources: [ vip, httpd ]
        meta: { target-role: Stopped }
    cluster_constraints:
      location:
        - {
            id: web_location,
            resource: web,
            rule: not_defined default_ping_set or default_ping_set lt 1000,
            score: -INFINITY
          }
        - { id: nested, resource: vip, rule: defined a and (defined b or defined c), score: 5 }
    cluster_stonith_levels:
      server1: [ ipmi ]
    "
  `)
  expect(unsaid.toSorted()).toEqual([...UNSAID, ...PASSWORDS].toSorted())
})

test('as pcs commands, on a copy of the CIB that is pushed as one change', () => {
  const { text, unsaid } = form('pcs')
  expect(text).toMatchInlineSnapshot(`
    "# The cluster web, as server1 knows it.
    # HTTPD_STATUSURL: httpd: statusurl
    # IPMI_PASSWORD: ipmi: password
    (
    set -eu
    umask 077
    cd "$(mktemp -d)"
    trap 'rm -rf "$PWD"' EXIT
    pcs cluster cib live.xml
    cp live.xml new.xml
    pcs -f new.xml property set no-quorum-policy=ignore
    pcs -f new.xml resource defaults update resource-stickiness=INFINITY
    pcs -f new.xml resource create vip ocf:heartbeat:IPaddr2 ip=192.168.0.203 op monitor interval=10s --no-default-ops
    pcs -f new.xml resource create httpd ocf:heartbeat:apache statusurl="$HTTPD_STATUSURL" op monitor interval=10s start interval=0 timeout=1min --no-default-ops
    pcs -f new.xml resource create ping ocf:pacemaker:ping name=default_ping_set --no-default-ops
    pcs -f new.xml resource op remove ping monitor
    pcs -f new.xml resource clone ping clone_ping
    pcs -f new.xml stonith create ipmi fence_ipmilan password="$IPMI_PASSWORD" password_script=/x op monitor interval=60s
    pcs -f new.xml resource group add web vip httpd
    pcs -f new.xml resource meta web target-role=Stopped
    pcs -f new.xml constraint location web rule constraint-id=web_location score=-INFINITY not_defined default_ping_set or default_ping_set lt 1000
    pcs -f new.xml constraint location vip rule constraint-id=nested score=5 defined a and '(' defined b or defined c ')'
    pcs -f new.xml stonith level add 1 server1 ipmi
    pcs cluster cib-push new.xml diff-against=live.xml
    )
    "
  `)
  expect(unsaid.toSorted()).toEqual([...UNSAID, ...PASSWORDS, 'ping: debug=""'].toSorted())
})

test('as what crm loads', () => {
  const { text, unsaid } = form('crm')
  expect(text).toMatchInlineSnapshot(`
    "# The cluster web, as server1 knows it.
    # <HTTPD_STATUSURL>: httpd: statusurl
    # <IPMI_PASSWORD>: ipmi: password
    crm configure load update - <<'EOF'
    property no-quorum-policy=ignore
    rsc_defaults resource-stickiness=INFINITY
    primitive vip ocf:heartbeat:IPaddr2 \\
        params ip=192.168.0.203 \\
        op monitor interval=10s
    primitive httpd ocf:heartbeat:apache \\
        params statusurl="<HTTPD_STATUSURL>" \\
        op monitor interval=10s \\
        op start interval=0 timeout=1min
    primitive ping ocf:pacemaker:ping \\
        params name=default_ping_set
    primitive ipmi stonith:fence_ipmilan \\
        params password="<IPMI_PASSWORD>" password_script=/x \\
        op monitor interval=60s
    group web vip httpd \\
        meta target-role=Stopped
    clone clone_ping ping
    location web_location web rule -INFINITY: not_defined default_ping_set or default_ping_set lt 1000
    fencing_topology server1: ipmi
    EOF
    "
  `)
  const more = ['ping: debug=""', 'location nested, with the rule defined a and (defined b or defined c)']
  expect(unsaid.toSorted()).toEqual([...UNSAID, ...PASSWORDS, ...more].toSorted())
})
