import { expect, test } from 'vitest'
import { samePassword } from '../../../src/operations/password.ts'
import { sha512Crypt } from '../../../src/operations/sha512_crypt.ts'
import { Secret } from '../../../src/secret.ts'

// The test vectors of the specification, "Unix crypt using SHA-256 and SHA-512".
test.each([
  [
    'Hello world!',
    '$6$saltstring',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'Hello world!',
    '$6$rounds=10000$saltstringsaltstring',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    'This is just a test',
    '$6$rounds=5000$toolongsaltstring',
    '$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  ],
  [
    'we have a short salt string but not a short password',
    '$6$rounds=77777$short',
    '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
  ],
  [
    'the minimum number is still observed',
    '$6$rounds=10$roundstoolow',
    '$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.',
  ],
])('%s with %s', (password, setting, hash) => {
  expect(sha512Crypt(password, setting)).toBe(hash)
  expect(sha512Crypt(password, hash)).toBe(hash)
})

test('a hash that only the controller can compare', () => {
  const password = new Secret('correct horse')
  const hash = sha512Crypt('correct horse', '$6$salt')
  expect(samePassword(`hash ${hash}`, password)).toBe(true)
  expect(samePassword(`hash ${hash}x`, password)).toBe(false)
  expect(samePassword('hash $y$j9T$salt$hash', password)).toBe(false)
  expect(samePassword('same', password)).toBe(true)
  expect(samePassword('different', password)).toBe(false)
})
