import { expect, test } from 'vitest'
import { fingerprint, keyType, orderedAlgorithms } from '../../../src/connection/host_key.ts'

test('known types of host keys are asked for first', () => {
  expect(orderedAlgorithms(['ssh-rsa']).slice(0, 3)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'])
  expect(orderedAlgorithms(['ecdsa-sha2-nistp256'])[0]).toBe('ecdsa-sha2-nistp256')
  expect(orderedAlgorithms([])[0]).toBe('ssh-ed25519')
  expect(new Set(orderedAlgorithms(['ssh-rsa']))).toEqual(new Set(orderedAlgorithms([])))
})

test('a key is told as ssh-keygen -l does', () => {
  const blob = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64')
  expect(keyType(blob)).toBe('ssh-ed25519')
  expect(fingerprint(blob)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
})
