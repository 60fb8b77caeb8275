import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const alias = { bringup: fileURLToPath(new URL('src/index.ts', import.meta.url)) }

export default defineConfig({
  test: {
    projects: [
      { resolve: { alias }, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
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
    ],
  },
})
