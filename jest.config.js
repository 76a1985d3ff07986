const base = {
  transform: { "^.+\\.ts$": "ts-jest" },
  testEnvironment: "node",
};

/** @type {import("jest").Config} */
module.exports = {
  testSequencer: "<rootDir>/test/support/sequencer.js",
  projects: [
    { ...base, displayName: "unit", testMatch: ["<rootDir>/test/unit/**/*.test.ts"] },
    // Azure's clients against the emulator with its real storage and registry: half a minute.
    { ...base, displayName: "emulator", testMatch: ["<rootDir>/test/emulator/**/*.test.ts"] },
    {
      ...base,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/sampleDeployed.ts",
      setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
    },
    {
      ...base,
      displayName: "witness",
      testMatch: ["<rootDir>/test/witness/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/sandboxUp.ts",
      setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
    },
  ],
};
