"""The works that neighbourhoods ask for: unit, price of 2018 (illustrative), sizes and Renja line.

Prices of 2021 to 2023 that newspapers and public lists name, less about a sixth. A work is cut into
`parts` of one step each (2, 4, 5, 8 or 10, so that no step's points need rounding); a work without
sizes is a whole package, with its price range in millions.
"""

from __future__ import annotations

from typing import NamedTuple


class Work(NamedTuple):
    """A kind of proposal; costs in thousands of rupiah a unit, or in millions a package."""

    line: str
    weight: int
    title: str
    unit: str
    cost: tuple[int, int]
    steps: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    fixed: int = 0
    people: tuple[int, int] = (60, 320)
    tags: str = ""


LANE = "RT {rt} Gang {lane}"
STREET = "Jalan {lane} RT {rt}"
SHORE = "tepi sungai RT {rt} Gang {lane}"
WARD = "Kelurahan {ward}"

WORKS = (
    # PUPR
    Work(
        "1.03.15.01", 44, "Rabat beton " + LANE, "m2", (520, 640), (100, 150), (4, 5, 8, 10), 8_000
    ),
    Work(
        "1.03.15.01",
        44,
        "Peninggian jalan " + LANE,
        "m2",
        (430, 560),
        (100, 200),
        (5, 8, 10),
        10_000,
        tags="banjir",
    ),
    Work(
        "1.03.15.01",
        26,
        "Pengaspalan " + STREET,
        "m2",
        (230, 310),
        (200, 300),
        (8, 10),
        people=(150, 600),
    ),
    Work("1.03.15.01", 14, "Paving blok " + STREET, "m2", (210, 260), (100, 200), (5, 8, 10)),
    Work(
        "1.03.15.02",
        50,
        "Titian ulin " + LANE,
        "m",
        (2_700, 3_100),
        (20, 25),
        (5, 8, 10),
        15_000,
        tags="kumuh",
    ),
    Work(
        "1.03.15.02",
        22,
        "Titian ulin lantai cor " + LANE,
        "m",
        (3_100, 3_500),
        (20, 25),
        (5, 8, 10),
        20_000,
    ),
    Work("1.03.15.03", 34, "Jembatan kecil " + LANE, "paket", (260, 720), people=(120, 700)),
    Work("1.03.15.03", 14, "Rehabilitasi jembatan ulin " + LANE, "paket", (140, 420)),
    Work(
        "1.03.16.01", 44, "Drainase " + LANE, "m", (820, 1_080), (50,), (4, 5, 8, 10), tags="banjir"
    ),
    Work(
        "1.03.16.01",
        24,
        "Gorong-gorong " + STREET,
        "m",
        (1_150, 1_450),
        (20, 30),
        (4, 5, 8, 10),
        12_000,
        tags="banjir",
    ),
    Work(
        "1.03.28.01",
        52,
        "Siring ulin " + SHORE,
        "m",
        (3_900, 4_700),
        (20, 25),
        (5, 8, 10),
        25_000,
        tags="banjir",
    ),
    Work(
        "1.03.28.01",
        28,
        "Siring beton " + SHORE,
        "m",
        (6_400, 7_800),
        (10, 15),
        (4, 5, 8),
        40_000,
        tags="banjir",
    ),
    Work("1.03.30.01", 30, "PJU " + LANE, "titik", (13_500, 15_500), (2,), (5, 8, 10)),
    # DISPERKIM
    Work(
        "1.04.15.01",
        40,
        "Perbaikan rumah tidak layak huni RT {rt}",
        "unit",
        (16_500, 18_000),
        (2,),
        (4, 5, 8, 10),
        people=(16, 60),
        tags="kemiskinan;kumuh",
    ),
    Work(
        "1.04.16.01",
        170,
        "Titian lingkungan kumuh " + LANE,
        "m",
        (2_600, 3_000),
        (20, 25),
        (5, 8, 10),
        tags="kumuh",
    ),
    Work(
        "1.04.16.01",
        90,
        "Jalan setapak lingkungan kumuh " + LANE,
        "m",
        (620, 780),
        (50, 100),
        (4, 5, 8, 10),
        tags="kumuh",
    ),
    Work(
        "1.04.16.02",
        44,
        "Drainase lingkungan " + LANE,
        "m",
        (640, 860),
        (50,),
        (4, 5, 8, 10),
        tags="banjir;kumuh",
    ),
    Work(
        "1.04.16.03",
        24,
        "MCK umum RT {rt}",
        "unit",
        (95_000, 125_000),
        (1,),
        (2, 4),
        tags="spm;kumuh",
    ),
    Work(
        "1.04.16.03", 20, "Tangki septik komunal RT {rt}", "paket", (180, 360), tags="spm;stunting"
    ),
    # DINKES
    Work("1.02.16.01", 8, "Pembangunan posyandu RT {rt}", "paket", (170, 320), tags="spm;stunting"),
    Work("1.02.16.01", 6, "Rehabilitasi posyandu RT {rt}", "paket", (60, 150), tags="spm;stunting"),
    Work(
        "1.02.16.02",
        8,
        "Alat timbang dan ukur balita posyandu RW {rw}",
        "set",
        (9_500, 12_500),
        (1,),
        (2, 4, 5),
        tags="spm;stunting",
    ),
    Work(
        "1.02.16.02",
        6,
        "Makanan tambahan balita RW {rw}",
        "orang",
        (1_400, 1_700),
        (5, 10),
        (4, 5, 8),
        people=(20, 80),
        tags="stunting",
    ),
    # DISDIK
    Work(
        "1.01.16.01",
        20,
        "Rehabilitasi ruang kelas SD di " + WARD,
        "ruang",
        (88_000, 112_000),
        (1,),
        (2, 4, 5),
        people=(60, 180),
        tags="spm",
    ),
    Work("1.01.16.02", 7, "Alat permainan PAUD RW {rw}", "paket", (25, 70), people=(20, 60)),
    Work("1.01.16.02", 6, "Taman bacaan RT {rt} Gang {lane}", "paket", (40, 110)),
    # DLH
    Work("2.05.15.01", 9, "Gerobak sampah RW {rw}", "unit", (3_800, 5_200), (1,), (4, 5, 8, 10)),
    Work("2.05.15.01", 9, "Motor sampah RW {rw}", "unit", (36_000, 39_000), (1,), (2, 4)),
    Work("2.05.15.02", 6, "Bank sampah RW {rw}", "paket", (55, 140)),
    Work("2.05.15.02", 8, "TPS 3R RT {rt}", "paket", (260, 480), people=(300, 1_200)),
    Work("2.05.24.01", 9, "Taman bermain RT {rt} Gang {lane}", "paket", (90, 280)),
    # DISHUB
    Work(
        "2.09.15.01",
        8,
        "Cermin tikungan dan rambu " + STREET,
        "titik",
        (4_500, 6_500),
        (1, 2),
        (4, 5, 8),
        people=(200, 900),
    ),
    Work(
        "2.09.15.01",
        5,
        "Pita penggaduh depan sekolah " + STREET,
        "titik",
        (14_000, 18_500),
        (1,),
        (2, 4),
        people=(200, 900),
    ),
    Work("2.09.15.02", 14, "Dermaga kelotok RT {rt} Gang {lane}", "paket", (180, 420)),
    # DINSOS
    Work(
        "1.06.15.01",
        12,
        "Modal kelompok usaha bersama RW {rw}",
        "kelompok",
        (18_000, 22_000),
        (1, 2),
        (4, 5),
        people=(40, 100),
        tags="kemiskinan",
    ),
    Work(
        "1.06.15.02",
        9,
        "Kursi roda dan alat bantu jalan " + WARD,
        "unit",
        (2_600, 3_600),
        (4, 5),
        (5, 8, 10),
        people=(20, 50),
        tags="kemiskinan",
    ),
    # DKP3
    Work(
        "3.03.17.01",
        11,
        "Bibit dan rak tanam pekarangan RT {rt}",
        "paket",
        (30, 95),
        tags="kemiskinan",
    ),
    Work(
        "3.01.20.01",
        12,
        "Keramba jaring apung RT {rt} Gang {lane}",
        "unit",
        (15_500, 18_500),
        (1,),
        (4, 5, 8),
        people=(20, 60),
        tags="kemiskinan",
    ),
    Work(
        "3.01.20.01",
        10,
        "Benih patin dan pakan kelompok pembudidaya RW {rw}",
        "paket",
        (60, 160),
        people=(15, 50),
        tags="kemiskinan",
    ),
    # DISBUDPAR
    Work(
        "2.16.17.01",
        11,
        "Alat musik panting dan hadrah RW {rw}",
        "set",
        (14_000, 19_000),
        (1, 2),
        (4, 5),
        people=(20, 80),
    ),
    Work(
        "3.02.16.01",
        11,
        "Pondok dan papan wisata susur sungai RT {rt}",
        "paket",
        (110, 380),
        people=(100, 500),
    ),
    # SATPOL-DAMKAR
    Work(
        "1.05.19.01",
        14,
        "Pompa jinjing barisan pemadam RW {rw}",
        "paket",
        (75, 165),
        people=(400, 1_500),
    ),
    Work(
        "1.05.19.01",
        8,
        "Hidran kering RT {rt} Gang {lane}",
        "titik",
        (42_000, 52_000),
        (1,),
        (2, 4),
        people=(400, 1_500),
    ),
    Work("1.05.16.01", 9, "Pos keamanan lingkungan RT {rt}", "paket", (35, 85)),
    # DISKOMINFOTIK
    Work("2.10.15.01", 14, "Wifi publik balai RW {rw}", "titik", (16_500, 19_500), (1, 2), (4, 5)),
    Work(
        "2.10.15.02",
        12,
        "Pelatihan literasi digital " + WARD,
        "orang",
        (650, 900),
        (10,),
        (4, 5, 8, 10),
        people=(40, 100),
    ),
    # DISKOPNAKER
    Work(
        "2.07.15.01",
        5,
        "Pelatihan menjahit " + WARD,
        "orang",
        (2_300, 2_800),
        (5,),
        (4, 5, 8, 10),
        people=(20, 50),
        tags="kemiskinan",
    ),
    Work(
        "2.07.15.01",
        5,
        "Pelatihan tata boga " + WARD,
        "orang",
        (1_900, 2_400),
        (5,),
        (4, 5, 8, 10),
        people=(20, 50),
        tags="kemiskinan",
    ),
    Work(
        "2.07.15.01",
        5,
        "Pelatihan servis sepeda motor " + WARD,
        "orang",
        (2_700, 3_200),
        (5,),
        (4, 5, 8),
        people=(20, 40),
        tags="kemiskinan",
    ),
    Work(
        "2.11.16.01",
        12,
        "Peralatan usaha mikro RW {rw}",
        "paket",
        (40, 130),
        people=(15, 60),
        tags="kemiskinan",
    ),
)
