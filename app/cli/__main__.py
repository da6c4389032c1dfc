"""`python -m app.cli`: the same as `rootan`, for processes that start each other."""

from app.cli.entry import main

main()
