/** How a part is. */
export interface PartStatus {
  part: string;
  health: "healthy" | "unhealthy" | "stopped" | "absent";
  version?: string;
  address?: string;
  /** What a user may need to know besides. */
  note?: string;
}

/** The statuses as a table. */
export function statusTable(parts: PartStatus[]): string {
  const rows = parts.map((one) => [
    one.part,
    one.health,
    one.version ?? "",
    [one.address, one.note].filter(Boolean).join("  "),
  ]);
  const all = [["PART", "HEALTH", "VERSION", "ADDRESS"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return all.map(line).join("\n");
}
