import { describePod, hopelessReason } from "../../../../../sandbox/plugins/kubernetes/await/pods";
import { judgeService } from "../../../../../sandbox/plugins/kubernetes/await/service";
import type {
  Condition,
  ContainerStatus,
  Deployment,
  Event,
  Pod,
} from "../../../../../sandbox/plugins/kubernetes/await/types";
import { judgeDeployment } from "../../../../../sandbox/plugins/kubernetes/await/workloads";

const SINCE = Date.parse("2026-01-01T12:00:00Z");
const at = (seconds: number) => new Date(SINCE + seconds * 1000).toISOString();
const times = (seconds: number) => ({ since: SINCE, now: SINCE + seconds * 1000 });

function deployment(status: Deployment["status"], spec = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", generation: 2 },
    spec: { replicas: 2, selector: {}, ...spec },
    status,
  };
}

const ROLLED_OUT = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe("a Deployment", () => {
  const judge = (status: Deployment["status"], seconds = 1) =>
    judgeDeployment(deployment(status), times(seconds));

  test("is ready when all replicas are new and available", () => {
    expect(judge(ROLLED_OUT).state).toBe("ready");
  });

  test.each([
    ["has not been seen by its controller", undefined, "not seen the change"],
    ["has been seen before the change", { ...ROLLED_OUT, observedGeneration: 1 }, "not seen"],
    ["lacks new replicas", { ...ROLLED_OUT, updatedReplicas: 1 }, "1 of 2 new replicas"],
    ["has old replicas left", { ...ROLLED_OUT, replicas: 3 }, "1 old replicas still running"],
    [
      "lacks available replicas",
      { ...ROLLED_OUT, availableReplicas: 1 },
      "1 of 2 replicas available",
    ],
  ])("is waited for while it %s", (_why, status, message) => {
    const verdict = judge(status);
    expect(verdict).toEqual({
      state: "waiting",
      message: expect.stringContaining(message) as string,
    });
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

describe("a Service", () => {
  const service = (
    spec: { type?: string; clusterIP?: string; selector?: Record<string, string> },
    ip?: string,
  ) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: {},
    spec,
    status: ip === undefined ? {} : { loadBalancer: { ingress: [{ ip }] } },
  });
  const slice = (...ready: boolean[]) => ({
    endpoints: ready.map((value) => ({
      conditions: { ready: value },
      targetRef: { name: "pod-1" },
    })),
  });
  const selector = { app: "web" };

  test("needs ready pods and no unready ones", () => {
    expect(judgeService(service({ selector }), []).state).toBe("waiting");
    expect(judgeService(service({ selector }), [slice(true, false)])).toEqual({
      state: "waiting",
      message: "the Service targets Pods that are not ready: pod-1",
    });
    expect(judgeService(service({ selector }), [slice(true, true)]).state).toBe("ready");
  });

  test("does not mind pods that are on their way out", () => {
    const leaving = { endpoints: [{ conditions: { ready: false, terminating: true } }] };
    expect(judgeService(service({ selector }), [slice(true), leaving]).state).toBe("ready");
  });

  test("of type LoadBalancer needs an address", () => {
    const spec = { selector, type: "LoadBalancer" };
    expect(judgeService(service(spec), [slice(true)]).state).toBe("waiting");
    expect(judgeService(service(spec, "198.51.100.1"), [slice(true)]).state).toBe("ready");
  });

  test("needs no pods when it is headless, external or without selector", () => {
    expect(judgeService(service({ selector, clusterIP: "None" }), []).state).toBe("ready");
    expect(judgeService(service({ type: "ExternalName" }), []).state).toBe("ready");
    expect(judgeService(service({}), []).state).toBe("ready");
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

  test("is hopeless after its third restart", () => {
    expect(hopelessReason(crashing(2, 10), [], times(20))).toBeUndefined();
    expect(hopelessReason(crashing(3, 10), [], times(60))).toContain("crashed 3 times");
  });

  test("is hopeless too while the kubelet reports its last run as ended", () => {
    const terminated = { exitCode: 3, finishedAt: at(10) };
    expect(
      hopelessReason(pod({ restartCount: 3, state: { terminated } }), [], times(60)),
    ).toContain("crashed 3 times");
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
    expect(hopelessReason(unplaced, [], times(60))).toBeUndefined();
    expect(hopelessReason(unplaced, [], times(130))).toContain("Insufficient cpu");
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
    '  container "scoring" before: exited with 137 (OOMKilled)',
    '  container "scoring" restarted 4 times',
    "  event Failed (×7): Back-off restarting",
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
    "  event Unhealthy (×9): Readiness probe failed: 2",
  ]);
});

test("a container that runs but is not ready is told from one that is fine", () => {
  const running = { running: { startedAt: at(0) } };
  expect(describePod(pod({ state: running }), [])).toContain(
    '  container "scoring": running, but not ready',
  );
  expect(describePod(pod({ state: running, ready: true }), [])).toEqual(["Pod web-1 (Pending):"]);
});
