const base = {
  transform: { "^.+\\.ts$": "ts-jest" },
  testEnvironment: "node",
};

/** @type {import("jest").Config} */
module.exports = {
  testSequencer: "<rootDir>/test/support/sequencer.js",
  projects: [
    { ...base, displayName: "unit", testMatch: ["<rootDir>/test/unit/**/*.test.ts"] },
    {
      ...base,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
    },
  ],
};
