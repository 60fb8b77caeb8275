import type { BringupError } from '../errors.ts'
import type { ErrorReport } from './events.ts'

/** An error as it goes into the journal and the reports. */
export function reportError(error: BringupError): ErrorReport {
  const { cause: _, ...details } = error.details
  return { code: error.code, message: error.message, ...details }
}
