import type { Node } from 'bringup'
import { askPower } from '../../src/cluster/rejoin/ask_power.ts'
import { provenGone } from '../../src/cluster/rejoin/proven_gone.ts'
import type { GoneQuestion, Proof } from '../../src/cluster/rejoin/proven_gone.ts'

/**
 * Has it proven that the old instance of a member does not run. Its fence devices are asked only where nothing else tells.
 * @returns by what
 * @throws BringupError REFUSED with all that was looked at, and what to say where somebody has seen it
 */
export async function requireGone<V>(via: Node<V>, question: Omit<GoneQuestion, 'power'>): Promise<string> {
  let proof: Proof = provenGone({ ...question, power: [] })
  if (!proof.proven) {
    const asked: GoneQuestion['power'][] = []
    await via.require(
      `fence devices are asked for ${question.gone}`,
      async (context) => {
        asked.push(await askPower(context, question.gone))
        return true
      },
      '',
    )
    proof = provenGone({ ...question, power: asked[0] ?? [] })
  }
  const { proven } = proof
  await via.require(
    `${question.gone} does not run`,
    async () => proven || proof.seen,
    proven ? '' : proof.remedy,
  )
  return proof.proven ? proof.by : ''
}
