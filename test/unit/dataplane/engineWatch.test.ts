import { endWithEngine } from "../../../dataplane/engineWatch";

describe("the plugin of the data plane", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("ends when its engine is gone, and not before", () => {
    let parent = 42;
    const end = jest.fn();
    const timer = endWithEngine(() => parent, end);
    jest.advanceTimersByTime(60_000);
    expect(end).not.toHaveBeenCalled();
    parent = 1;
    jest.advanceTimersByTime(2_000);
    expect(end).toHaveBeenCalled();
    clearInterval(timer);
  });
});
