import type {
  Condition,
  ContainerStatus,
  Deployment,
  Event,
  Pod,
} from "../../../../dataplane/kubernetes/types";
import { judgeDeployment } from "../../../../dataplane/rollout/deployment";
import {
  describePod,
  hopelessReason,
  lastEvent,
  troublesOf,
} from "../../../../dataplane/rollout/pods";

const SINCE = Date.parse("2026-01-01T12:00:00Z");
const at = (seconds: number) => new Date(SINCE + seconds * 1000).toISOString();
const times = (seconds: number) => ({ since: SINCE, now: SINCE + seconds * 1000 });

function deployment(status: Deployment["status"], replicas = 2): Deployment {
  return {
    metadata: { name: "web", namespace: "team", uid: "deployment", generation: 2 },
    spec: { replicas, template: { spec: { containers: [] } } },
    status,
  };
}

const ROLLED_OUT = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe("a Deployment", () => {
  const SCALE = { min: 2, max: 4 };
  const judge = (status: Deployment["status"], seconds = 1) =>
    judgeDeployment(deployment(status), SCALE, times(seconds));

  test("is ready when all replicas are new and available", () => {
    expect(judge(ROLLED_OUT).state).toBe("ready");
  });

  test.each([
    ["has not been seen by its controller", undefined, "not seen the change"],
    ["has been seen before the change", { ...ROLLED_OUT, observedGeneration: 1 }, "not seen"],
    ["lacks new replicas", { ...ROLLED_OUT, updatedReplicas: 1 }, "1 of 2 new pods created"],
    ["has old replicas left", { ...ROLLED_OUT, replicas: 3 }, "1 old pods still running"],
    ["lacks available replicas", { ...ROLLED_OUT, availableReplicas: 1 }, "1 of 2 new pods ready"],
  ])("is waited for while it %s", (_why, status, message) => {
    const verdict = judge(status);
    expect(verdict).toEqual({
      state: "waiting",
      message: expect.stringContaining(message) as string,
    });
  });

  test.each([
    [1, "1 of at least 2 pods asked for"],
    [5, "5 of at most 4 pods asked for"],
  ])("is waited for while %s pods are asked for, out of its bounds", (replicas, message) => {
    const verdict = judgeDeployment(deployment(ROLLED_OUT, replicas), SCALE, times(1));
    expect(verdict).toEqual({ state: "waiting", message });
  });

  const exceeded = (seconds: number): Condition => ({
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: "too slow",
    lastTransitionTime: at(seconds),
  });

  test("is hopeless when its progress deadline is exceeded", () => {
    const status = { ...ROLLED_OUT, availableReplicas: 0, conditions: [exceeded(30)] };
    expect(judge(status)).toEqual({ state: "hopeless", message: "too slow" });
  });

  test("gets another chance when the deadline was exceeded before this deployment", () => {
    const status = { ...ROLLED_OUT, availableReplicas: 0, conditions: [exceeded(-60)] };
    expect(judge(status).state).toBe("waiting");
  });

  test("is hopeless when its pods are refused for longer than a moment", () => {
    const refused: Condition = {
      type: "ReplicaFailure",
      status: "True",
      message: "violates PodSecurity",
      lastTransitionTime: at(1),
    };
    const status = { observedGeneration: 2, conditions: [refused] };
    expect(judge(status, 5).state).toBe("waiting");
    expect(judge(status, 20)).toEqual({
      state: "hopeless",
      message: "pods cannot be created: violates PodSecurity",
    });
  });
});

function pod(container: Partial<ContainerStatus>, conditions: Condition[] = []): Pod {
  const containerStatuses = [{ name: "scoring", image: "reg/img:v1", ready: false, ...container }];
  return {
    metadata: { name: "web-1", namespace: "team", uid: "pod-uid" },
    status: { phase: "Pending", startTime: at(0), conditions, containerStatuses },
  };
}

function event(message: string, count: number, seconds = 5): Event {
  return {
    type: "Warning",
    reason: "Failed",
    message,
    count,
    lastTimestamp: at(seconds),
    involvedObject: { uid: "pod-uid" },
  };
}

describe("a pod's image", () => {
  const backOff = pod({ state: { waiting: { reason: "ImagePullBackOff", message: "Back-off" } } });
  const refused = 'Failed to pull image "reg/img:v1": 401 Unauthorized';

  test("is hopeless after the registry has refused it several times", () => {
    expect(hopelessReason(backOff, [event(refused, 2)], times(20))).toBeUndefined();
    expect(hopelessReason(backOff, [event(refused, 3)], times(40))).toContain("refused 3 times");
  });

  test("is waited for while the registry is only out of reach", () => {
    const unreachable = 'Failed to pull image "reg/img:v1": dial tcp: i/o timeout';
    expect(hopelessReason(backOff, [event(unreachable, 9)], times(40))).toBeUndefined();
  });

  test("gets another chance when it was refused before this deployment", () => {
    expect(hopelessReason(backOff, [event(refused, 9, -5)], times(40))).toBeUndefined();
  });

  test("is hopeless at once when its name is invalid", () => {
    const invalid = pod({
      state: { waiting: { reason: "InvalidImageName", message: "bad name" } },
    });
    expect(hopelessReason(invalid, [], times(1))).toBe('container "scoring": bad name');
  });
});

describe("a pod's container", () => {
  const crashing = (restartCount: number, finished: number) =>
    pod({
      restartCount,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } },
      lastState: { terminated: { exitCode: 3, reason: "Error", finishedAt: at(finished) } },
    });

  test("is hopeless when it ends again after its first restart", () => {
    expect(hopelessReason(crashing(0, 10), [], times(20))).toBeUndefined();
    expect(hopelessReason(crashing(1, 10), [], times(20))).toContain("ended 2 times");
  });

  test("is hopeless too when it ends without an error, as one that a probe had ended", () => {
    const ended = pod({
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 0, finishedAt: at(10) } },
    });
    expect(hopelessReason(ended, [], times(20))).toContain("ended 3 times");
    const done = pod({
      restartCount: 1,
      state: { terminated: { exitCode: 0, finishedAt: at(10) } },
    });
    expect(hopelessReason(done, [], times(20))).toBeUndefined();
  });

  test("is hopeless too while the kubelet reports its last run as ended", () => {
    const terminated = { exitCode: 3, finishedAt: at(10) };
    expect(
      hopelessReason(pod({ restartCount: 3, state: { terminated } }), [], times(60)),
    ).toContain("ended 4 times");
    const running = pod({
      restartCount: 3,
      state: { running: { startedAt: at(20) } },
      lastState: { terminated },
    });
    expect(hopelessReason(running, [], times(60))).toBeUndefined();
  });

  test("gets another chance when it crashed before this deployment", () => {
    expect(hopelessReason(crashing(9, -10), [], times(60))).toBeUndefined();
  });

  test("is hopeless when what it is configured from is missing for longer than a moment", () => {
    const waiting = { reason: "CreateContainerConfigError", message: 'secret "keys" not found' };
    expect(hopelessReason(pod({ state: { waiting } }), [], times(10))).toBeUndefined();
    expect(hopelessReason(pod({ state: { waiting } }), [], times(30))).toContain("keys");
  });
});

test("a pod is hopeless when a volume's Secret is missing for longer than a moment", () => {
  const creating = pod({ state: { waiting: { reason: "ContainerCreating" } } });
  const failure = {
    ...event('MountVolume.SetUp failed for volume "keys" : secret "absent" not found', 6, 25),
    reason: "FailedMount",
    firstTimestamp: at(1),
  };
  expect(hopelessReason(creating, [failure], times(10))).toBeUndefined();
  expect(hopelessReason(creating, [failure], times(30))).toContain('secret "absent" not found');
});

describe("a pod that no node takes", () => {
  const unschedulable: Condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: "Insufficient cpu",
    lastTransitionTime: at(0),
  };
  const unplaced = { ...pod({}, [unschedulable]) };

  test("is hopeless after its grace time", () => {
    expect(hopelessReason(unplaced, [], times(50))).toBeUndefined();
    expect(hopelessReason(unplaced, [], times(70))).toContain("Insufficient cpu");
  });

  test("is hopeless sooner when no node will be added", () => {
    const refused = { ...event("1 max node group size reached", 1), reason: "NotTriggerScaleUp" };
    expect(hopelessReason(unplaced, [refused], times(10))).toBeUndefined();
    expect(hopelessReason(unplaced, [refused], times(20))).toContain("Insufficient cpu");
  });

  test("is waited for when a node is being added", () => {
    const scaling = { ...event("pod triggered scale-up", 1), reason: "TriggeredScaleUp" };
    expect(hopelessReason(unplaced, [scaling], times(130))).toBeUndefined();
  });
});

test("a failing pod is described by containers, restarts, exit code and warnings", () => {
  const crashed = pod({
    restartCount: 4,
    state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } },
    lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
  });
  const other = { ...event("not ours", 1), involvedObject: { uid: "other" } };
  expect(describePod(crashed, [event("Back-off restarting", 7), other])).toEqual([
    "Pod web-1 (Pending):",
    '  container "scoring": CrashLoopBackOff: back-off 40s',
    '  container "scoring" before: exit code 137 (OOMKilled)',
    '  container "scoring" restarted 4 times',
    "  event Failed (x7): Back-off restarting",
  ]);
});

test("warnings are told once for each sort, and not when they say nothing", () => {
  const warnings = [
    { ...event("Readiness probe failed: 1", 2, 1), reason: "Unhealthy" },
    { ...event("Readiness probe failed: 2", 9, 2), reason: "Unhealthy" },
    { ...event("falling back", 9, 3), reason: "MissingClusterDNS" },
    event("Error: ErrImagePull", 3, 4),
  ];
  expect(describePod(pod({ ready: true }), warnings)).toEqual([
    "Pod web-1 (Pending):",
    "  event Unhealthy (x9): Readiness probe failed: 2",
  ]);
});

test("a container that runs but is not ready is told from one that is fine", () => {
  const running = { running: { startedAt: at(0) } };
  expect(describePod(pod({ state: running }), [])).toContain(
    '  container "scoring": running, but not ready',
  );
  expect(describePod(pod({ state: running, ready: true }), [])).toEqual(["Pod web-1 (Pending):"]);
});

test("the line of a watch has what containers wait for, and the latest event", () => {
  const waiting = pod({ state: { waiting: { reason: "ContainerCreating" } } });
  expect(troublesOf([waiting, waiting, waiting])).toEqual([
    'web-1: container "scoring": ContainerCreating',
    'web-1: container "scoring": ContainerCreating',
  ]);
  const foreign = { ...event("not ours", 1, 9), involvedObject: { uid: "other" } };
  const events = [event("second", 1, 4), event("first", 1, 3), foreign];
  expect(lastEvent([waiting], events)).toEqual(["last event Failed: second"]);
  expect(lastEvent([waiting], [foreign])).toEqual([]);
});
