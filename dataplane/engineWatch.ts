const PAUSE_MS = 1_000;

/**
 * Ends this process when the engine that started it is gone: one that was killed cannot tell its
 * plugins, and a plugin left behind would go on with an upload that the next run begins anew.
 *
 * @param parentId says which process is the parent; the system's, but for tests.
 * @param end ends this process, likewise.
 */
export function endWithEngine(
  parentId = () => process.ppid,
  end: () => void = () => process.exit(1),
): NodeJS.Timeout {
  const engine = parentId();
  const timer = setInterval(() => {
    if (parentId() !== engine) end();
  }, PAUSE_MS);
  return timer.unref();
}
