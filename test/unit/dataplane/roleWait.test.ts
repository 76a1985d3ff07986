import { statusOf, withRole } from "../../../dataplane/roleWait";

const USE = {
  what: "uploading a blob",
  role: "Contributor",
  scope: "the account",
  isGranted: true,
};
const forbidden = () =>
  Object.assign(new Error("AuthorizationPermissionMismatch"), { statusCode: 403 });

/** An operation that is forbidden so many times before it succeeds. */
function allowedAfter(refusals: number) {
  let calls = 0;
  return jest.fn(() =>
    calls++ < refusals ? Promise.reject(forbidden()) : Promise.resolve("done"),
  );
}

describe("an operation that needs a role", () => {
  let said: string[];
  let interruption: AbortController;

  /** Does it while the engine runs. */
  function perform<T>(operation: () => Promise<T>, use = USE): Promise<T> {
    const log = {
      info: (line: string) => said.push(`info: ${line}`),
      status: (line: string) => said.push(`status: ${line}`),
    };
    return withRole(use, { log, signal: interruption.signal }, operation);
  }

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    interruption = new AbortController();
    delete process.env.DATAPLANE_ROLE_WAIT_SECONDS;
  });

  afterEach(() => {
    jest.useRealTimers();
    delete process.env.DATAPLANE_ROLE_WAIT_SECONDS;
  });

  it("is done at once when it is allowed, without a word", async () => {
    const operation = allowedAfter(0);
    await expect(perform(operation)).resolves.toBe("done");
    expect(operation).toHaveBeenCalledTimes(1);
    expect(said).toEqual([]);
  });

  it("is repeated every five seconds while the role is on its way, and says so every ten", async () => {
    const operation = allowedAfter(3);
    const result = perform(operation);
    await jest.advanceTimersByTimeAsync(14_999);
    expect(operation).toHaveBeenCalledTimes(3);
    await jest.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toBe("done");
    const line = (seconds: number) =>
      `uploading a blob: waiting until the role "Contributor" on the account takes effect (${seconds} s)`;
    expect(said).toEqual([`info: ${line(0)}`, `status: ${line(5)}`, `info: ${line(10)}`]);
  });

  it("is given up after ten minutes, with the operation, the role and its scope in the message", async () => {
    const result = perform(allowedAfter(Infinity));
    await Promise.all([
      expect(result).rejects.toThrow(
        'uploading a blob is forbidden (AuthorizationPermissionMismatch): it needs the role "Contributor" on ' +
          "the account; this stack has assigned it, and it has had no effect for 600 s",
      ),
      expect(result).rejects.toHaveProperty("cause.statusCode", 403),
      jest.advanceTimersByTimeAsync(600_000),
    ]);
  });

  it("fails at once, with who has to assign the role, where this stack does not", async () => {
    const never = allowedAfter(Infinity);
    await expect(perform(never, { ...USE, isGranted: false })).rejects.toThrow(
      /needs the role "Contributor" on the account; this stack does not assign it.*az role assignment create/,
    );
    expect(never).toHaveBeenCalledTimes(1);
    expect(said).toEqual([]);
  });

  it("ends at once when the user interrupts the engine", async () => {
    const result = perform(allowedAfter(Infinity));
    await jest.advanceTimersByTimeAsync(1_000);
    interruption.abort();
    await expect(result).rejects.toThrow(
      'uploading a blob was interrupted while it waited for the role "Contributor"',
    );
  });

  it("is not waited for beyond the configured time, and not at all for 0", async () => {
    process.env.DATAPLANE_ROLE_WAIT_SECONDS = "0";
    const never = allowedAfter(Infinity);
    await expect(perform(never)).rejects.toThrow("is forbidden");
    expect(never).toHaveBeenCalledTimes(1);

    process.env.DATAPLANE_ROLE_WAIT_SECONDS = "7";
    const operation = allowedAfter(Infinity);
    await Promise.all([
      expect(perform(operation)).rejects.toThrow("is forbidden"),
      jest.advanceTimersByTimeAsync(10_000),
    ]);
    expect(operation).toHaveBeenCalledTimes(3);
  });

  it.each(["soon", "-1", "Infinity"])("refuses to wait %j seconds", async (setting) => {
    process.env.DATAPLANE_ROLE_WAIT_SECONDS = setting;
    const operation = allowedAfter(0);
    await expect(perform(operation)).rejects.toThrow(
      `DATAPLANE_ROLE_WAIT_SECONDS must be a number of seconds from 0, not "${setting}"`,
    );
    expect(operation).not.toHaveBeenCalled();
  });

  it.each([401, 404, 409, 500, undefined])(
    "fails at once, as it is, for any other reason (%s)",
    async (statusCode) => {
      const failure = Object.assign(new Error("other"), { statusCode });
      const operation = jest.fn(() => Promise.reject(failure));
      await expect(perform(operation)).rejects.toBe(failure);
      expect(operation).toHaveBeenCalledTimes(1);
    },
  );
});

describe("the status of an error", () => {
  it("is the number that the Azure SDK puts into it", () => {
    expect(statusOf(forbidden())).toBe(403);
  });

  it.each([new Error("plain"), { statusCode: "403" }, null, undefined, "403", 403])(
    "is unknown for %p",
    (error) => {
      expect(statusOf(error)).toBeUndefined();
    },
  );
});
