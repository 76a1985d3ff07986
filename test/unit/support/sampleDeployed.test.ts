import setUp, { deploySample } from "../../support/sampleDeployed";

/** How often the sandbox is brought up before the tests of a run. */
async function timesBroughtUp(selection: Parameters<typeof deploySample>[0]): Promise<number> {
  const bringUp = jest.fn().mockResolvedValue("");
  await deploySample(selection, bringUp);
  return bringUp.mock.calls.length;
}

it.each(["04-access", "03|05", "test/e2e/10-destroy.test.ts"])(
  "brings the sandbox up once before %s alone",
  async (testPathPattern) => {
    expect(await timesBroughtUp({ testPathPattern })).toBe(1);
  },
);

it.each(["", "01", "first-run|04-access", "test/e2e"])(
  "leaves that to the first file when it runs too: %p",
  async (testPathPattern) => {
    expect(await timesBroughtUp({ testPathPattern })).toBe(0);
  },
);

it("brings the sandbox up before tests that are chosen by name, wherever they are", async () => {
  expect(await timesBroughtUp({ testPathPattern: "", testNamePattern: "refuses" })).toBe(1);
});

it("fails as the sandbox fails", async () => {
  const failing = deploySample({ testPathPattern: "04" }, () =>
    Promise.reject(new Error("no space left")),
  );
  await expect(failing).rejects.toThrow("no space left");
});

it("is called by jest with more than it looks at", () => {
  // jest hands the project's configuration over as well, which once was taken for what brings up.
  expect(setUp).toHaveLength(1);
});
