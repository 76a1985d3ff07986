import { attempt, run } from "./command";

/** The uplink. */
export interface Route {
  /** Name of the interface. */
  device: string;
  /** Largest packet in bytes. */
  mtu: number;
}

/** The interface that the default route uses; loopback's where there is no uplink. */
export async function defaultRoute(): Promise<Route> {
  const routes = JSON.parse(await run("ip", ["-json", "route", "show", "default"])) as {
    dev: string;
  }[];
  const device = routes[0]?.dev ?? "lo";
  const links = JSON.parse(await run("ip", ["-json", "link", "show", "dev", device])) as {
    mtu: number;
  }[];
  return { device, mtu: Math.min(links[0]?.mtu ?? 1500, 1500) };
}

/** The addresses of a network that are bound to loopback, each as `address/prefix length`. */
export async function loopbackAddresses(network: string): Promise<string[]> {
  const show = ["-json", "address", "show", "dev", "lo", "to", network];
  return shownAddresses(await run("ip", show));
}

/** The addresses in what `ip -json address show` printed. */
export function shownAddresses(text: string): string[] {
  const links = JSON.parse(text) as { addr_info?: AddressInfo[] }[];
  const all = links.flatMap((link) => link.addr_info ?? []);
  // `ip` prints an empty object for each address that `to` leaves out.
  return all
    .filter(({ local }) => local !== undefined)
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

interface AddressInfo {
  local?: string;
  prefixlen?: number;
}

/** Deletes a network interface if it is there. */
export async function removeLink(name: string): Promise<void> {
  const found = await attempt("ip", ["link", "show", "dev", name]);
  if (found.status === 0) await run("ip", ["link", "delete", "dev", name]);
}

/** Removes the chains whose name matches, every rule that leads there, and every rule about the interfaces. */
export async function removeRules(chains: RegExp, interfaces: string[]): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    const saved = await attempt(`${family}-save`, []);
    const removal = removalOf(saved.stdout, chains, interfaces);
    if (removal !== "") await run(`${family}-restore`, ["--noflush"], { input: removal });
  }
}

/** What `iptables-restore --noflush` needs to remove our part of what `iptables-save` printed. */
export function removalOf(saved: string, chains: RegExp, interfaces: string[]): string {
  const tables = saved.split(/^\*/m).slice(1);
  return tables.map((table) => tableRemoval(table.split("\n"), chains, interfaces)).join("");
}

function tableRemoval(lines: string[], chains: RegExp, interfaces: string[]): string {
  const ours = lines
    .map((line) => /^:(\S+) -/.exec(line)?.[1])
    .filter((chain) => chain !== undefined && chains.test(chain));
  const rules = lines.filter((line) => {
    const words = line.split(" ");
    if (words[0] !== "-A" || ours.includes(words[1])) return false;
    const target = words[words.findIndex((word) => word === "-j" || word === "-g") + 1];
    return ours.includes(target) || words.some((word) => interfaces.includes(word));
  });
  if (ours.length === 0 && rules.length === 0) return "";
  const removal = [
    `*${lines[0] ?? ""}`,
    ...rules.map((rule) => rule.replace(/^-A/, "-D")),
    ...ours.map((chain) => `-F ${chain}`),
    ...ours.map((chain) => `-X ${chain}`),
    "COMMIT",
  ];
  return `${removal.join("\n")}\n`;
}
