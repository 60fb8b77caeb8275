import { element } from '../xml.ts'
import type { XmlElement } from '../xml.ts'

/** The CIB of a cluster that does not exist yet, against which check mode compares. */
export function emptyCib(): XmlElement {
  const sections = ['crm_config', 'nodes', 'resources', 'constraints'].map((name) => element(name))
  return element('cib', { admin_epoch: '0', epoch: '0', num_updates: '0' }, [
    element('configuration', {}, sections),
    element('status'),
  ])
}
