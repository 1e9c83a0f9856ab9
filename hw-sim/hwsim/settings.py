"""What AT commands set and a reset forgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hwsim.traits import Personality


@dataclass(slots=True)
class Settings:
    """The values after power-up; ATZ restores the stored profile of those that &W keeps."""

    echo: bool = True
    verbose: bool = True
    quiet: bool = False
    cmee: int = 0
    text_mode: bool = False
    charset: str = "IRA"
    cnmi: tuple[int, ...] = (0, 0, 0, 0, 0)
    csms: int = 0
    creg: dict[str, int] = field(default_factory=lambda: {"+CREG": 0, "+CGREG": 0, "+CEREG": 0})
    cops_format: int = 0
    memories: tuple[str, str, str] = ("SM", "SM", "SM")
    csmp: tuple[int, str, int, int] = (17, "167", 0, 0)
    show_details: bool = False  # +CSDH
    clip: int = 0
    ussd: int = 0
    cmms: int = 0
    cgsms: int = 3
    plain: dict[str, str] = field(default_factory=dict)  # values that are kept and shown, and mean nothing here
    registers: dict[int, int] = field(default_factory=lambda: {0: 0, 3: 13, 4: 10, 5: 8})


def power_on(personality: Personality) -> Settings:
    """Settings as this type of modem has them after power-up."""
    return Settings(
        echo=personality.echo,
        cmee=personality.cmee,
        charset="IRA" if "IRA" in personality.charsets else personality.charsets[0],
        cnmi=personality.cnmi_default,
        csms=personality.csms_default,
        memories=personality.default_stores,
    )


def user_profile(current: Settings, stored: Settings) -> Settings:
    """ATZ: what V.250 calls the user profile comes back; SMS settings stay as they are on most modems."""
    return replace(
        current,
        echo=stored.echo,
        verbose=stored.verbose,
        quiet=stored.quiet,
        cmee=stored.cmee,
        clip=0,
        registers=dict(stored.registers),
    )
