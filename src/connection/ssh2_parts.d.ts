// The client's parts of ssh2. Its index loads the server and agents for HTTP as well, and with node:http comes undici:
// together a tenth of what a run takes to begin.

declare module 'ssh2/lib/client.js' {
  export { Client as default } from 'ssh2'
}

declare module 'ssh2/lib/agent.js' {
  import { OpenSSHAgent } from 'ssh2'
  const agents: { OpenSSHAgent: typeof OpenSSHAgent }
  export default agents
}

declare module 'ssh2/lib/protocol/keyParser.js' {
  import { utils } from 'ssh2'
  const parser: { parseKey: typeof utils.parseKey }
  export default parser
}
