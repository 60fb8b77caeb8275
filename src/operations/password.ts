import { randomBytes } from 'node:crypto'
import { BringupError } from '../errors.ts'
import { Secret } from '../secret.ts'
import { runScript } from './host_script.ts'
import type { ApplyContext } from './operation.ts'
import { sha512Crypt } from './sha512_crypt.ts'

/** Finds a program that calls crypt(3), which knows every kind of hash of its host: perl, or a Python before 3.13. */
const FIND_CRYPT = `
crypt=
if command -v perl >/dev/null 2>&1; then crypt=perl
else
  for python in python3 /usr/libexec/platform-python python; do
    if "$python" -c 'import crypt' 2>/dev/null; then crypt=$python; break; fi
  done
fi`

/**
 * Compares the password on standard input with the hash of the user \`$1\`, which stays on the host: says \`same\` or
 * \`different\`; or, where nothing there can tell, \`hash\` with the hash. Neither is ever in an argument list.
 */
export const PASSWORD_SCRIPT = `${FIND_CRYPT}
HASH=$(getent shadow "$1" | cut -d : -f 2)
export HASH
case $HASH in '' | '!'* | '*'*) echo different; exit 0 ;; esac
case $crypt in
  '') printf 'hash %s\\n' "$HASH" ;;
  perl) perl -e 'my $given = <STDIN>; chomp $given; my $made = crypt($given, $ENV{HASH});
    print defined $made && $made eq $ENV{HASH} ? "same" : "different"' ;;
  *) "$crypt" -c 'import crypt, os, sys
print("same" if crypt.crypt(sys.stdin.readline().rstrip("\\\\n"), os.environ["HASH"]) == os.environ["HASH"] else "different")' ;;
esac`

/** @param compared what {@link PASSWORD_SCRIPT} said */
export function samePassword(compared: string, password: Secret): boolean {
  if (!compared.startsWith('hash ')) return compared === 'same'
  const hash = compared.slice('hash '.length)
  return hash.startsWith('$6$') && sha512Crypt(password.reveal(), hash) === hash
}

// The first line of the input is for the host to hash as it is configured; the second, hashed here in the one way that
// can be compared here later, for a host that cannot compare by itself.
const SET_PASSWORD = `${FIND_CRYPT}
IFS= read -r plain
IFS= read -r hashed
if [ -n "$crypt" ]; then printf '%s\\n' "$plain" | chpasswd
else printf '%s\\n' "$hashed" | chpasswd -e
fi`

/** Sets a password through the standard input of chpasswd(8). @throws BringupError COMMAND_FAILED */
export async function setPassword(context: ApplyContext, name: string, password: Secret): Promise<void> {
  const plain = password.reveal()
  const salt = randomBytes(12).toString('base64').replaceAll('+', '.')
  const stdin = new Secret(`${name}:${plain}\n${name}:${sha512Crypt(plain, `$6$${salt}`)}\n`, password.origin)
  const { code, stderr } = await runScript(context, SET_PASSWORD, [], { stdin })
  if (code !== 0)
    throw new BringupError('COMMAND_FAILED', `the password of ${name} could not be set`, {
      seen: stderr.toString().replaceAll(plain, '•••').trim() || `exit status ${code}`,
    })
}
