# The memory of the project: every command worth repeating. `just` lists them.

default:
    @just --list

# What a change must pass before it is pushed: the core of CI.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace

# Everything CI runs.
ci:
    bash .ci/run

# Every suite there is, the slow ones included.
full:
    bash .ci/run --full

# Rendering against recorded Helm output; `just corpus --only kafka --show 1` narrows it.
corpus *ARGS:
    cargo build --release
    ../shared/tools/corpus-check --bin target/release/windlass --errors exact {{ARGS}}

# Made-up questions to both Helms and us; `just fuzz-diff --family dates --cases 200000 --seed 7`.
fuzz-diff *ARGS:
    cargo xtask-fast fuzz-diff {{ARGS}}

# Us and both Helms in turn, cold processes, ratios.
bench:
    cargo xtask bench-render
