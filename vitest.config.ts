import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const alias = { bringup: fileURLToPath(new URL('src/index.ts', import.meta.url)) }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        // Some run real shells; on a busy machine those are slow, which is no failure.
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: {
          name: 'containers',
          include: ['test/containers/**/*.test.ts'],
          // Most of what they do is to wait for one another's daemons: two files at once take two thirds of the time on two
          // cores. A hung node fails its test, not the run.
          maxWorkers: 2,
          expect: { poll: { timeout: 120_000 } },
          testTimeout: 600_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        // Kernels of their own: emulated machines boot in half a minute, and a command takes seconds.
        test: {
          name: 'vms',
          include: ['test/vms/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 1_200_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve: { alias },
        // The project's Vagrantfile.
        test: {
          name: 'vagrant',
          include: ['test/vagrant/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 2_400_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
