import { expect, test } from 'vitest'
import { isSecretValue } from '../../../../src/pacemaker/cib/difference.ts'

test.each([
  ['passwd', 'x'],
  ['login_password', 'x'],
  ['monpassword', 'x'],
  ['snmp_auth_community', 'x'],
  ['api_key', 'x'],
  ['secret_key', 'x'],
  ['pass', 'x'],
  ['statusurl', 'http://user:x@127.0.0.1/'],
  ['options', 'username=a,password=x'],
  ['extra', '--token x'],
])('%s=%s is not printed', (name, value) => {
  expect(isSecretValue(name, value)).toBe(true)
})

test.each([
  ['passwd', ''],
  // Where crm_resource keeps the value in files of the nodes.
  ['passwd', 'lrm://'],
  ['passwd_script', '/root/x'],
  ['identity_file', '/root/.ssh/id'],
  ['statusurl', 'http://127.0.0.1:80/server-status'],
  ['directory', '/srv/bypass/tokens'],
  ['login_timeout', '10'],
  ['options', 'noatime,lazytime'],
])('%s=%s is', (name, value) => {
  expect(isSecretValue(name, value)).toBe(false)
})
