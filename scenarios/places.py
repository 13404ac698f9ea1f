"""The five kecamatan of Banjarmasin and their 52 kelurahan, with Kemendagri codes.

Names and codes are facts of a public decree (list of 2016 to 2018). The number of proposals beside
each kecamatan is made up, as is everything else the generator says of a place.
"""

from __future__ import annotations

from typing import NamedTuple


class District(NamedTuple):
    """A kecamatan; the wards stand in the order of their codes, which end in 1001, 1002, ..."""

    code: str
    name: str
    short: str
    asked: int
    wards: tuple[str, ...]

    def ward_code(self, ward: str) -> str:
        """The Kemendagri code of one of its kelurahan."""
        return f"{self.code}.{1001 + self.wards.index(ward)}"


POPULATION = 675_440
"""Inhabitants of the whole city in 2015; how they spread over the wards is made up."""

DISTRICTS = (
    District(
        "63.71.01",
        "Banjarmasin Selatan",
        "SELATAN",
        128,
        (
            "Mantuil",
            "Kelayan Selatan",
            "Pekauman",
            "Kelayan Barat",
            "Kelayan Tengah",
            "Kelayan Dalam",
            "Murung Raya",
            "Kelayan Timur",
            "Tanjung Pagar",
            "Pemurus Dalam",
            "Pemurus Baru",
            "Basirih Selatan",
        ),
    ),
    District(
        "63.71.02",
        "Banjarmasin Timur",
        "TIMUR",
        112,
        (
            "Kuripan",
            "Kebun Bunga",
            "Karang Mekar",
            "Sungai Bilu",
            "Sungai Lulut",
            "Banua Anyar",
            "Pengambangan",
            "Pekapuran Raya",
            "Pemurus Luar",
        ),
    ),
    District(
        "63.71.03",
        "Banjarmasin Barat",
        "BARAT",
        118,
        (
            "Belitung Utara",
            "Belitung Selatan",
            "Pelambuan",
            "Telaga Biru",
            "Telawang",
            "Teluk Tiram",
            "Kuin Selatan",
            "Kuin Cerucuk",
            "Basirih",
        ),
    ),
    District(
        "63.71.04",
        "Banjarmasin Utara",
        "UTARA",
        119,
        (
            "Alalak Tengah",
            "Alalak Utara",
            "Alalak Selatan",
            "Sungai Jingah",
            "Sungai Miai",
            "Surgi Mufti",
            "Pangeran",
            "Antasan Kecil Timur",
            "Kuin Utara",
            "Sungai Andai",
        ),
    ),
    District(
        "63.71.05",
        "Banjarmasin Tengah",
        "TENGAH",
        123,
        (
            "Kertak Baru Ilir",
            "Kertak Baru Ulu",
            "Mawar",
            "Teluk Dalam",
            "Antasan Besar",
            "Pasar Lama",
            "Seberang Mesjid",
            "Gadang",
            "Melayu",
            "Sungai Baru",
            "Pekapuran Laut",
            "Kelayan Luar",
        ),
    ),
)

LANES = (
    "Serumpun",
    "Sepakat",
    "Rukun",
    "Damai",
    "Setia",
    "Bakti",
    "Sejahtera",
    "Sentosa",
    "Makmur",
    "Harapan",
    "Mufakat",
    "Gotong Royong",
    "Karya Bersama",
    "Maju Bersama",
    "Melati",
    "Kenanga",
    "Seroja",
    "Teratai",
    "Anggrek",
    "Cempaka",
    "Kamboja",
    "Flamboyan",
    "Bakung",
    "Kemuning",
    "Rambutan",
    "Langsat",
    "Kasturi",
    "Ramania",
    "Kuini",
    "Binjai",
    "Nangka",
    "Kelapa Gading",
    "Jingah",
    "Galam",
    "Rumbia",
    "Nipah",
    "Purun",
    "Haur Kuning",
    "Pandan",
    "Pinang",
    "Papuyu",
    "Saluang",
    "Haruan",
    "Baung",
    "Patin",
    "Kelulut",
    "Intan",
    "Akik",
    "Merpati",
    "Bangau",
    "Elang",
    "Cendrawasih",
    "Fajar",
    "Purnama",
    "Bintang",
    "Pelita",
    "Swadaya",
    "Baimbai",
)
"""Names for lanes that exist nowhere in particular: virtues, plants, fish and birds."""
