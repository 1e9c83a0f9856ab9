"""Starts `hwsim.cli`."""

from hwsim.cli import main

raise SystemExit(main())
