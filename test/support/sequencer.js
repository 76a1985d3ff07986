const Sequencer = require("@jest/test-sequencer").default;

/** Runs test files by name: the end-to-end tests tell one life cycle, file after file. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};
