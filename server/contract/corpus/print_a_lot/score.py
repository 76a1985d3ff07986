import sys
import traceback
import warnings


def init():
    print("init", file=sys.stderr)
    print("a", "b", sep="-", end="\n\n", flush=True)


def run(raw_data):
    print("\n".join(f"line {number}" for number in range(200)))
    print({"raw": raw_data})
    sys.stdout.write("no end")
    sys.stdout.flush()
    warnings.warn("careful")
    try:
        raise ValueError("caught")
    except ValueError:
        traceback.print_exc()
    return sys.stdout.writable()
