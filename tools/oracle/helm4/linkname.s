// Empty on purpose: with an assembly file in the package, Go accepts declarations without a body (go:linkname).
