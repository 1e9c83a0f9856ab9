"""What AT commands set and a reset forgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hwsim.traits import Personality

# V.250 6.2.1-6.2.3, 6.3.8-6.3.12, and those that every modem of old had (S1, S2, S9, S11, S12, S25).
REGISTERS = {0: 0, 1: 0, 2: 43, 3: 13, 4: 10, 5: 8, 6: 2, 7: 60, 8: 2, 9: 6, 10: 15, 11: 95, 12: 50, 25: 5}


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
    broadcasts: tuple[int, str, str] = (0, "", "")  # +CSCB
    registers: dict[int, int] = field(default_factory=lambda: dict(REGISTERS))


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
