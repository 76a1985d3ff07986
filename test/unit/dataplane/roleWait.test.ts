import { statusOf, withRole } from "../../../dataplane/roleWait";

const WHAT = 'uploading a blob, which needs the role "Contributor",';
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
  let log: jest.SpyInstance;

  beforeEach(() => {
    jest.useFakeTimers();
    log = jest.spyOn(console, "log").mockImplementation(() => undefined);
    delete process.env.DATAPLANE_ROLE_WAIT_SECONDS;
  });

  afterEach(() => {
    jest.useRealTimers();
    log.mockRestore();
    delete process.env.DATAPLANE_ROLE_WAIT_SECONDS;
  });

  it("is done at once when it is allowed, without a word", async () => {
    const operation = allowedAfter(0);
    await expect(withRole(WHAT, operation)).resolves.toBe("done");
    expect(operation).toHaveBeenCalledTimes(1);
    expect(log).not.toHaveBeenCalled();
  });

  it("is repeated every five seconds while the role is on its way, and says so", async () => {
    const operation = allowedAfter(2);
    const result = withRole(WHAT, operation);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(operation).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toBe("done");
    expect(log.mock.calls).toEqual([
      [`${WHAT} is not allowed yet; waiting for the role assignment (0 s)`],
      [`${WHAT} is not allowed yet; waiting for the role assignment (5 s)`],
    ]);
  });

  it("is given up after ten minutes, with the operation and the role in the message", async () => {
    const result = withRole(WHAT, allowedAfter(Infinity));
    await Promise.all([
      expect(result).rejects.toThrow(`${WHAT} is forbidden: AuthorizationPermissionMismatch`),
      expect(result).rejects.toHaveProperty("cause.statusCode", 403),
      jest.advanceTimersByTimeAsync(600_000),
    ]);
  });

  it("is not waited for beyond the configured time, and not at all for 0", async () => {
    process.env.DATAPLANE_ROLE_WAIT_SECONDS = "0";
    const never = allowedAfter(Infinity);
    await expect(withRole(WHAT, never)).rejects.toThrow("is forbidden");
    expect(never).toHaveBeenCalledTimes(1);

    process.env.DATAPLANE_ROLE_WAIT_SECONDS = "7";
    const operation = allowedAfter(Infinity);
    await Promise.all([
      expect(withRole(WHAT, operation)).rejects.toThrow("is forbidden"),
      jest.advanceTimersByTimeAsync(10_000),
    ]);
    expect(operation).toHaveBeenCalledTimes(3);
  });

  it.each(["soon", "-1", "Infinity"])("refuses to wait %j seconds", async (setting) => {
    process.env.DATAPLANE_ROLE_WAIT_SECONDS = setting;
    const operation = allowedAfter(0);
    await expect(withRole(WHAT, operation)).rejects.toThrow(
      `DATAPLANE_ROLE_WAIT_SECONDS must be a number of seconds from 0, not "${setting}"`,
    );
    expect(operation).not.toHaveBeenCalled();
  });

  it.each([401, 404, 409, 500, undefined])(
    "fails at once, as it is, for any other reason (%s)",
    async (statusCode) => {
      const failure = Object.assign(new Error("other"), { statusCode });
      const operation = jest.fn(() => Promise.reject(failure));
      await expect(withRole(WHAT, operation)).rejects.toBe(failure);
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
