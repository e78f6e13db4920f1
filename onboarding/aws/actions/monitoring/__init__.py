"""The parts that watch the cross-account role, each by itself."""
