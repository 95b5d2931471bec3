"""Invented names: of people, places, customers and goods."""

from __future__ import annotations

COMPANY = "PT Sinar Niaga Nusantara"


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


FIRST_NAMES = _listed(
    "Adi Agus Aisyah Anisa Ahmad Bagus Bayu Budi Citra Dewi Dian Dimas Eka Fajar Fitri Galih Gita Hendra Indah Intan "
    "Joko Kartika Lestari Lukman Made Maya Mega Nadia Nanda Novi Nyoman Putri Rahmat Ratna Reza Rian Rina Rizky Sari "
    "Sinta Slamet Sri Surya Taufik Tono Tri Umar Vina Wahyu Wawan Wulan Yanti Yoga Yusuf Zahra Zainal"
)
LAST_NAMES = _listed(
    "Anggraini Ardiansyah Astuti Fauzi Firmansyah Gunawan Hakim Halim Handayani Hidayat Ginting Kurniawan Kusuma "
    "Lubis Maharani Manurung Maulana Nasution Nugroho Pangestu Permana Pranata Prasetyo Pratama Purnama Rahayu "
    "Ramadhan Saputra Santoso Setiawan Siregar Simanjuntak Sitompul Suharto Sulistyo Suryadi Susanti Syahputra Tanjung "
    "Utami Wibowo Wicaksono Widodo Wijaya Wirawan Yulianto"
)
REGIONS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("Jabodetabek", ("Jakarta Selatan", "Jakarta Barat", "Tangerang", "Bekasi", "Depok", "Bogor"), 0.24),
    ("Jawa Barat", ("Bandung", "Cirebon", "Sukabumi", "Garut"), 0.17),
    ("Jawa Tengah & DIY", ("Semarang", "Yogyakarta", "Solo", "Purwokerto"), 0.16),
    ("Jawa Timur", ("Surabaya", "Malang", "Kediri", "Jember"), 0.18),
    ("Sumatera", ("Medan", "Palembang", "Pekanbaru", "Padang"), 0.14),
    ("Sulawesi & Kalimantan", ("Makassar", "Manado", "Balikpapan", "Banjarmasin"), 0.11),
)
SEGMENTS = ("HORECA", "Ritel modern", "Institusi", "UMKM")
INDUSTRIES = {
    "HORECA": ("Hotel", "Restoran", "Kafe"),
    "Ritel modern": ("Supermarket", "Minimarket", "Toko roti"),
    "Institusi": ("Rumah sakit", "Kampus", "Katering industri"),
    "UMKM": ("Warung kopi", "Kedai", "Katering rumahan"),
}
NAME_STEMS = _listed(
    "Amerta Anjani Arunika Bahari Bentala Bumi Cakra Cempaka Dahlia Dwipa Elang Gapura Garuda Harapan Indraprasta "
    "Jaya Kamboja Kencana Kirana Lentera Mahkota Mandala Melati Merapi Nirwana Nusa Pelangi Permata Puspa Rajawali "
    "Sagara Samudra Selaras Senja Seruni Teratai Tirta Tunas Wangsa Wijaya"
)
NAME_ENDS = _listed("Abadi Bersama Gemilang Indah Lestari Mulia Perkasa Raya Sejahtera Sentosa Utama Makmur")
LOSS_REASONS = ("Harga", "Kalah dari pesaing", "Anggaran ditunda", "Tidak ada respons", "Fitur kurang", "Waktu kirim")
COMPETITORS = ("Mitra Dapur Prima", "Boga Teknik", "Artha Kitchen", "Nusa Coolindo")
TITLES = ("Pemilik", "Manajer Pembelian", "Kepala Dapur", "Manajer Operasional", "Staf Pembelian")
CAMPAIGNS = ("Pameran Boga Expo", "Promo Ramadan", "Kafe Baru", "Dapur Hemat Energi", "Demo Keliling")

GOODS: tuple[tuple[str, str, int, float], ...] = (
    # category, name, list price in rupiah, cost as a share of the price
    ("Mesin kopi", "Mesin espresso 1 grup", 24_500_000, 0.68),
    ("Mesin kopi", "Mesin espresso 2 grup", 58_000_000, 0.66),
    ("Mesin kopi", "Grinder otomatis", 9_750_000, 0.64),
    ("Mesin kopi", "Brewer kapasitas besar", 17_250_000, 0.67),
    ("Pendingin", "Showcase 2 pintu", 14_900_000, 0.74),
    ("Pendingin", "Chest freezer 500 L", 8_600_000, 0.76),
    ("Pendingin", "Blast chiller", 46_500_000, 0.71),
    ("Pendingin", "Ice maker 50 kg", 19_800_000, 0.72),
    ("Peralatan dapur", "Oven deck 2 tingkat", 27_300_000, 0.70),
    ("Peralatan dapur", "Planetary mixer 20 L", 11_400_000, 0.69),
    ("Peralatan dapur", "Kompor 6 tungku", 18_700_000, 0.72),
    ("Peralatan dapur", "Mesin cuci piring", 39_900_000, 0.70),
    ("Bahan baku", "Biji kopi arabika 1 kg", 215_000, 0.78),
    ("Bahan baku", "Biji kopi robusta 1 kg", 128_000, 0.80),
    ("Bahan baku", "Sirup aneka rasa 750 ml", 92_000, 0.72),
    ("Bahan baku", "Bubuk cokelat 1 kg", 146_000, 0.75),
    ("Bahan baku", "Susu UHT 12 × 1 L", 234_000, 0.88),
    ("Bahan baku", "Tepung premium 25 kg", 312_500, 0.90),
    ("Kemasan", "Gelas kertas 8 oz (1.000)", 425_000, 0.70),
    ("Kemasan", "Tutup gelas (1.000)", 198_000, 0.68),
    ("Kemasan", "Kotak makan (500)", 387_500, 0.73),
    ("Kemasan", "Kantong kertas (500)", 262_500, 0.71),
    ("Layanan", "Kontrak servis Dasar", 650_000, 0.45),
    ("Layanan", "Kontrak servis Lengkap", 1_850_000, 0.48),
)
MACHINES = ("Mesin kopi", "Pendingin", "Peralatan dapur")
SUPPLIES = ("Bahan baku", "Kemasan")
