import { rebuildSuite } from '../rebuild/suite.ts'
import { failingMachines } from './failing_machines.ts'

rebuildSuite(['new disk', 'out of the cluster'], failingMachines)
