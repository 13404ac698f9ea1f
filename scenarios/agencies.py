"""The agencies of 2017 with a made-up Renja for 2018: programmes, their activities and ceilings.

Money here is in millions of rupiah. Most of it is committed before the desk opens; what is open is
what the proposals compete for.
"""

from __future__ import annotations

from typing import NamedTuple


class Activity(NamedTuple):
    """A Renja line: what it has committed, what is open; a target only where one unit rules."""

    code: str
    title: str
    committed: int
    open: int
    unit: str = ""
    done: int = 0
    target: int = 0
    max_target: int = 0
    slum_only: bool = False


class Programme(NamedTuple):
    """A programme, whose ceiling is the sum of its activities."""

    code: str
    title: str
    activities: tuple[Activity, ...]


class Agency(NamedTuple):
    """A perangkat daerah; `short` is what its ceiling lacks for all that its lines promise."""

    code: str
    name: str
    own: int
    programmes: tuple[Programme, ...]
    short: int = 0


AGENCIES = (
    Agency(
        "PUPR",
        "Dinas Pekerjaan Umum dan Penataan Ruang",
        9_400,
        (
            Programme(
                "1.03.15",
                "Pembangunan jalan dan jembatan",
                (
                    Activity(
                        "1.03.15.01",
                        "Peningkatan jalan lingkungan dan gang",
                        17_850,
                        13_000,
                        "m2",
                        41_000,
                        62_000,
                    ),
                    Activity("1.03.15.02", "Pembangunan titian", 5_600, 7_500, "m", 1_750, 4_900),
                    Activity("1.03.15.03", "Pembangunan jembatan kecil", 3_900, 4_000),
                    Activity("1.03.15.04", "Pembangunan jembatan utama (lanjutan)", 24_600, 0),
                ),
            ),
            Programme(
                "1.03.16",
                "Pembangunan saluran drainase dan gorong-gorong",
                (
                    Activity(
                        "1.03.16.01",
                        "Pembangunan drainase dan gorong-gorong",
                        8_200,
                        6_000,
                        "m",
                        6_900,
                        15_000,
                    ),
                    Activity("1.03.16.02", "Pemeliharaan saluran drainase kota", 4_750, 0),
                ),
            ),
            Programme(
                "1.03.22",
                "Pembangunan gedung dan sarana pemerintah",
                (
                    Activity(
                        "1.03.22.01", "Pembangunan gedung rumah sakit (tahun jamak)", 71_300, 0
                    ),
                    Activity("1.03.22.02", "Penataan trotoar kawasan pusat kota", 14_200, 0),
                ),
            ),
            Programme(
                "1.03.28",
                "Pengendalian banjir dan pengelolaan sungai",
                (
                    Activity(
                        "1.03.28.01", "Pembangunan siring sungai", 12_300, 13_000, "m", 2_100, 4_000
                    ),
                    Activity("1.03.28.02", "Normalisasi dan pengerukan sungai", 5_150, 0),
                ),
            ),
            Programme(
                "1.03.30",
                "Penerangan jalan umum",
                (
                    Activity(
                        "1.03.30.01",
                        "Pemasangan titik PJU lingkungan",
                        2_900,
                        2_500,
                        "titik",
                        180,
                        420,
                    ),
                ),
            ),
        ),
        short=2_000,
    ),
    Agency(
        "DISPERKIM",
        "Dinas Perumahan Rakyat dan Kawasan Permukiman",
        4_300,
        (
            Programme(
                "1.04.15",
                "Pengembangan perumahan",
                (
                    Activity(
                        "1.04.15.01",
                        "Perbaikan rumah tidak layak huni",
                        6_400,
                        3_600,
                        "unit",
                        320,
                        545,
                    ),
                    Activity("1.04.15.02", "Pemeliharaan rumah susun sewa", 5_900, 0),
                ),
            ),
            Programme(
                "1.04.16",
                "Lingkungan sehat perumahan",
                (
                    Activity(
                        "1.04.16.01",
                        "Jalan dan titian di kawasan kumuh",
                        16_800,
                        8_500,
                        "m",
                        4_100,
                        7_400,
                        slum_only=True,
                    ),
                    Activity(
                        "1.04.16.02",
                        "Drainase lingkungan permukiman",
                        8_300,
                        3_600,
                        "m",
                        5_200,
                        9_500,
                    ),
                    Activity("1.04.16.03", "MCK dan sanitasi lingkungan", 4_900, 4_300),
                ),
            ),
        ),
        short=1_000,
    ),
    Agency(
        "DINKES",
        "Dinas Kesehatan",
        11_200,
        (
            Programme(
                "1.02.16",
                "Upaya kesehatan masyarakat",
                (
                    Activity("1.02.16.01", "Pembangunan dan rehabilitasi posyandu", 1_100, 900),
                    Activity("1.02.16.02", "Perlengkapan posyandu dan gizi balita", 900, 300),
                    Activity("1.02.16.03", "Pelayanan puskesmas", 16_400, 0),
                ),
            ),
        ),
    ),
    Agency(
        "DISDIK",
        "Dinas Pendidikan",
        22_500,
        (
            Programme(
                "1.01.16",
                "Wajib belajar pendidikan dasar",
                (
                    Activity(
                        "1.01.16.01", "Rehabilitasi ruang kelas SD", 7_300, 1_500, "ruang", 58, 84
                    ),
                    Activity("1.01.16.02", "Sarana PAUD dan taman bacaan", 1_450, 300),
                    Activity("1.01.16.03", "Bantuan operasional sekolah daerah", 24_800, 0),
                ),
            ),
        ),
    ),
    Agency(
        "DLH",
        "Dinas Lingkungan Hidup",
        8_600,
        (
            Programme(
                "2.05.15",
                "Pengelolaan persampahan",
                (
                    Activity("2.05.15.01", "Gerobak dan motor sampah", 1_250, 400, "unit", 40, 100),
                    Activity("2.05.15.02", "Bank sampah dan TPS 3R", 2_700, 700),
                    Activity("2.05.15.03", "Pengangkutan sampah dan TPA", 31_900, 0),
                ),
            ),
            Programme(
                "2.05.24",
                "Ruang terbuka hijau",
                (Activity("2.05.24.01", "Taman lingkungan dan ruang bermain", 3_100, 600),),
            ),
        ),
    ),
    Agency(
        "DISHUB",
        "Dinas Perhubungan",
        6_100,
        (
            Programme(
                "2.09.15",
                "Prasarana perhubungan",
                (
                    Activity("2.09.15.01", "Rambu, cermin tikungan dan pita penggaduh", 1_900, 250),
                    Activity("2.09.15.02", "Dermaga dan titik sandar kelotok", 2_300, 1_500),
                    Activity("2.09.15.03", "Pengujian kendaraan dan terminal", 7_700, 0),
                ),
            ),
        ),
    ),
    Agency(
        "DINSOS",
        "Dinas Sosial",
        3_800,
        (
            Programme(
                "1.06.15",
                "Pemberdayaan fakir miskin dan penyandang masalah sosial",
                (
                    Activity("1.06.15.01", "Kelompok usaha bersama", 1_300, 500),
                    Activity(
                        "1.06.15.02", "Alat bantu lansia dan penyandang disabilitas", 850, 500
                    ),
                ),
            ),
        ),
    ),
    Agency(
        "DKP3",
        "Dinas Ketahanan Pangan, Pertanian dan Perikanan",
        4_900,
        (
            Programme(
                "3.03.17",
                "Peningkatan produksi pertanian kota",
                (Activity("3.03.17.01", "Bibit dan pekarangan pangan lestari", 1_150, 400),),
            ),
            Programme(
                "3.01.20",
                "Pengembangan budidaya perikanan",
                (Activity("3.01.20.01", "Benih, pakan dan keramba", 1_400, 700),),
            ),
        ),
    ),
    Agency(
        "DISBUDPAR",
        "Dinas Kebudayaan dan Pariwisata",
        3_300,
        (
            Programme(
                "2.16.17",
                "Pengelolaan keragaman budaya",
                (Activity("2.16.17.01", "Alat kesenian dan sanggar", 750, 450),),
            ),
            Programme(
                "3.02.16",
                "Pengembangan destinasi wisata",
                (Activity("3.02.16.01", "Sarana wisata susur sungai", 2_950, 700),),
            ),
        ),
    ),
    Agency(
        "SATPOL-DAMKAR",
        "Satpol PP dan Pemadam Kebakaran",
        7_200,
        (
            Programme(
                "1.05.19",
                "Kesiagaan dan pencegahan kebakaran",
                (Activity("1.05.19.01", "Hidran kering dan pompa jinjing", 2_200, 1_100),),
            ),
            Programme(
                "1.05.16",
                "Pemeliharaan ketenteraman lingkungan",
                (Activity("1.05.16.01", "Pos keamanan lingkungan", 600, 200),),
            ),
        ),
    ),
    Agency(
        "DISKOMINFOTIK",
        "Dinas Komunikasi, Informatika dan Statistik",
        4_100,
        (
            Programme(
                "2.10.15",
                "Pengembangan komunikasi dan informasi",
                (
                    Activity(
                        "2.10.15.01",
                        "Wifi publik dan CCTV lingkungan",
                        2_600,
                        750,
                        "titik",
                        60,
                        105,
                    ),
                    Activity(
                        "2.10.15.02", "Pelatihan literasi digital", 350, 250, "orang", 150, 750
                    ),
                ),
            ),
        ),
    ),
    Agency(
        "DISKOPNAKER",
        "Dinas Koperasi, Usaha Mikro dan Tenaga Kerja",
        3_600,
        (
            Programme(
                "2.07.15",
                "Peningkatan kualitas tenaga kerja",
                (
                    Activity(
                        "2.07.15.01",
                        "Pelatihan keterampilan kerja",
                        900,
                        650,
                        "orang",
                        240,
                        600,
                        600,
                    ),
                ),
            ),
            Programme(
                "2.11.16",
                "Pengembangan usaha mikro",
                (Activity("2.11.16.01", "Peralatan usaha mikro", 1_050, 400),),
            ),
        ),
    ),
)

DISTRICT_OFFICE = 1_850
"""What each kecamatan office has, all of it committed: it takes no proposals in 2018."""
