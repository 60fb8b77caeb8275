import { readFileSync } from 'node:fs'
import { parseXml } from '../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../src/pacemaker/xml.ts'

/** The versions of Debian 11, 12 and 13, whose real output the fixtures hold. */
export const PACEMAKERS = ['2.0.5', '2.1.5', '3.0.0'] as const
export const COROSYNCS = ['3.1.2', '3.1.7', '3.1.9'] as const

export function fixture(path: string): string {
  return readFileSync(new URL(`fixtures/${path}`, import.meta.url), 'utf8')
}

/** A cluster that was built with pcs: an address, a group, a clone, a promotable clone, fencing, constraints. */
export function pcsCib(version: (typeof PACEMAKERS)[number]): XmlElement {
  return parseXml(fixture(`pacemaker-${version}/cib.xml`))
}
