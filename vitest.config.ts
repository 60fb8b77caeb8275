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
          // Real nodes share two cores: files run one after the other, and a hung node fails its test, not the run.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 300_000,
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
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
