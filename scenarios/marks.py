"""What is special about some proposals: gates, sources, other options, and links between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from scenarios.draft import Draft

GATES = {
    "land": "Surat hibah lahan belum ada",
    "zoning": "Masuk ruang terbuka hijau dalam rencana tata ruang",
    "no_design": "DED belum disusun",
    "wrong_agency": "Bukan tugas OPD yang dituju",
    "incomplete": "Foto dan persetujuan RT belum dilampirkan",
    "duplicate": "Sudah diusulkan dengan nomor lain",
    "over_price_catalogue": "Harga satuan melebihi kamus usulan",
    "not_authority": "Ruas jalan kewenangan provinsi",
    "waits_for_stage": "Menunggu tahap sebelumnya selesai",
}

FIT = {
    "1.03.15.01": ("incomplete", "not_authority", "duplicate", "over_price_catalogue"),
    "1.03.15.02": ("zoning", "no_design", "duplicate"),
    "1.03.15.03": ("no_design", "land", "waits_for_stage"),
    "1.03.28.01": ("no_design", "zoning", "land"),
    "1.04.16.03": ("land", "incomplete"),
    "1.02.16.01": ("land",),
    "2.05.24.01": ("land", "zoning"),
    "2.05.15.02": ("land", "wrong_agency"),
}
"""Which gates a line's proposals are likely to meet; elsewhere papers are missing, or the desk."""

MOVABLE = ("2.05.24.01", "1.02.16.01", "2.05.15.02")
"""Lines whose works may as well stand in the next kelurahan: parks, health posts, waste sites."""

NEEDS_LANE = ("1.03.15.01", "1.03.15.02", "1.03.15.03", "1.03.16.01", "1.03.28.01", "1.04.16.02")


def plain(drafts: Iterable[Draft]) -> list[Draft]:
    """The proposals with nothing special about them yet."""
    return [
        d
        for d in drafts
        if not (d.gate or d.covered_by or d.other or d.suffix or d.note or d.continued)
    ]


def sources(random: Random, drafts: Sequence[Draft]) -> None:
    """About one in eight comes from council members; DAK pays some roads, posts and classrooms."""
    for draft in drafts:
        lot = random.random()
        draft.origin = "pokir" if lot < 0.12 else "renja" if lot < 0.16 else "musrenbang"
        by_dak = {"1.03.15.01": 0.16, "1.02.16.01": 0.3, "1.01.16.01": 0.3}
        if random.random() < by_dak.get(draft.work.line, 0):
            draft.source = "DAK"


def continued(random: Random, drafts: Sequence[Draft], count: int) -> None:
    """Some finish what was begun, and press harder."""
    for draft in random.sample([d for d in plain(drafts) if d.work.line in NEEDS_LANE], count):
        draft.continued, draft.suffix = True, " (lanjutan)"
        draft.raise_mark("urgency", 1)


def gates(random: Random, drafts: Sequence[Draft], count: int) -> None:
    """Some can't start: land, zoning, design, papers, the wrong agency."""
    likely = [d for d in plain(drafts) if d.work.line in FIT]
    others = [d for d in plain(drafts) if d.work.line not in FIT]
    for draft in random.sample(likely, count * 3 // 4) + random.sample(others, count // 4):
        draft.gate = random.choice(FIT.get(draft.work.line, ("incomplete", "wrong_agency")))
        draft.note = GATES[draft.gate]
        draft.marks["readiness"] = 1


def covered(random: Random, drafts: Sequence[Draft], count: int) -> None:
    """Some stand in the Renja already, with committed money."""
    for draft in random.sample(plain(drafts), count):
        draft.covered_by, draft.note = draft.work.line, "Sudah ada dalam Renja OPD"


def options(random: Random, drafts: Sequence[Draft], slums: Iterable[str]) -> None:
    """Some could go to another ward or another agency, or be built smaller."""
    homeless = [d for d in drafts if d.gate == "land"]
    movable = [d for d in plain(drafts) if d.work.line in MOVABLE]
    for draft in homeless[:5] + random.sample(movable, 6):
        ward = random.choice([ward for ward in draft.district.wards if ward != draft.ward])
        draft.other = {"ward": ward, "gate": "", "note": f"Pindah ke kelurahan {ward}"}
    packages = [d for d in plain(drafts) if not d.parts and d.amount >= 150_000]
    for draft in random.sample(packages, 11):
        draft.other = draft.smaller(random.choice((5, 6)))
    homes = {
        "1.03.15.02": ("DISPERKIM", "1.04.16.01"),
        "1.03.16.01": ("DISPERKIM", "1.04.16.02"),
        "1.04.16.02": ("PUPR", "1.03.16.01"),
    }
    roaming = [
        d
        for d in plain(drafts)
        if d.work.line in homes and (d.work.line != "1.03.15.02" or d.ward in slums)
    ]
    for draft in random.sample(roaming, 9):
        agency, line = homes[draft.work.line]
        draft.other = {"agency": agency, "line": line, "note": f"Dialihkan ke {agency}"}
    for draft in plain(drafts):
        if draft.work.line == "1.04.16.01" and draft.ward not in slums:
            draft.other = {"agency": "PUPR", "line": "1.03.15.02", "note": "Dialihkan ke PUPR"}


def pairs(
    random: Random, drafts: Sequence[Draft], count: int, lines: tuple[str, str], same_work: bool
) -> list[tuple[Draft, Draft]]:
    """Pairs of one ward, brought to one lane: the first's work and the second's on these lines."""
    free = plain(drafts)
    random.shuffle(free)
    found: list[tuple[Draft, Draft]] = []
    used: set[int] = set()
    for one in free:
        for two in free:
            if (
                one is not two
                and one.ward == two.ward
                and (one.work.line, two.work.line) == lines
                and (one.work is two.work) == same_work
                and not used & {id(one), id(two)}
                and len(found) < count
            ):
                used |= {id(one), id(two)}
                two.rt, two.lane = one.rt, one.lane
                found.append((one, two))
    return found


def links(random: Random, drafts: Sequence[Draft]) -> dict[str, list[tuple[Draft, Draft]]]:
    """Duplicates of one lane, second stages that need the first, works that belong together."""
    twice: list[tuple[Draft, Draft]] = []
    staged: list[tuple[Draft, Draft]] = []
    joined: list[tuple[Draft, Draft]] = []
    for lines, count in ((("1.03.15.01",) * 2, 5), (("1.03.15.02",) * 2, 2)):
        for one, two in pairs(random, drafts, count, lines, same_work=False):
            one.note = two.note = "Gang yang sama diusulkan dua kali"
            two.origin = "pokir"
            twice.append((one, two))
    for lines, count in (
        (("1.03.28.01",) * 2, 3),
        (("1.03.16.01",) * 2, 3),
        (("1.03.15.01",) * 2, 2),
    ):
        for one, two in pairs(random, drafts, count, lines, same_work=True):
            one.suffix, two.suffix = " tahap 1", " tahap 2"
            staged.append((one, two))
    for lines, count in ((("1.03.28.01", "1.03.15.02"), 3), (("1.03.16.01", "1.03.15.01"), 3)):
        for one, two in pairs(random, drafts, count, lines, same_work=False):
            one.note = two.note = "Dikerjakan bersama di satu gang"
            joined.append((one, two))
    return {"alternatives": twice, "requires": staged, "together": joined}
