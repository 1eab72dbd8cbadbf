"""The law as it stands, each rate with its first and last day and where it is written."""

from datetime import date
from decimal import Decimal

from django.db import migrations

GST_RATES = "Notification 11/2017-Central Tax (Rate), 28 Jun 2017"
GST_2025 = "Notification 15/2025-Central Tax (Rate), 17 Sep 2025"
OLD, NEW = "Income-tax Act 1961", "Income-tax Act 2025"
LAST_OLD, FIRST_NEW = date(2026, 3, 31), date(2026, 4, 1)

# code, name, country, percent, first day, last day, law
LAW = [
    ("GST_TOUR", "Tour operator, no input credit, accommodation and transport included", "IN", "5",
     date(2017, 7, 1), None, f"{GST_RATES}, entry 23(i)"),
    ("GST_SERVICE", "Service fee, commission, other travel services", "IN", "18",
     date(2017, 7, 1), None, f"{GST_RATES}, entry 23(iii)"),
    ("GST_AIR_ECONOMY", "Air passenger, economy class", "IN", "5", date(2017, 7, 1), None, f"{GST_RATES}, entry 8(ii)"),
    ("GST_AIR_OTHER", "Air passenger, other classes", "IN", "12",
     date(2017, 7, 1), date(2025, 9, 21), f"{GST_RATES}, entry 8"),
    ("GST_AIR_OTHER", "Air passenger, other classes", "IN", "18", date(2025, 9, 22), None, GST_2025),
    ("GST_HOTEL", "Hotel room up to INR 7,500 a night", "IN", "12",
     date(2022, 7, 18), date(2025, 9, 21), f"{GST_RATES}, entry 7, as amended by Notification 3/2022"),
    ("GST_HOTEL", "Hotel room up to INR 7,500 a night, no input credit", "IN", "5", date(2025, 9, 22), None, GST_2025),
    ("GST_HOTEL_HIGH", "Hotel room above INR 7,500 a night", "IN", "18",
     date(2019, 10, 1), None, f"{GST_RATES}, entry 7, as amended by Notification 20/2019"),
    ("TCS_TOUR", "Overseas tour programme package, up to the limit of the year", "IN", "5",
     date(2020, 10, 1), LAST_OLD, f"{OLD}, s. 206C(1G)"),
    ("TCS_TOUR_ABOVE", "Overseas tour programme package, above the limit of the year", "IN", "20",
     date(2023, 10, 1), LAST_OLD, f"{OLD}, s. 206C(1G), proviso"),
    ("TCS_TOUR", "Overseas tour programme package, no limit", "IN", "2", FIRST_NEW, None, f"{NEW}, s. 394(1)"),
    ("TDS_COMMISSION", "Commission or brokerage", "IN", "5", date(2016, 6, 1), date(2024, 9, 30), f"{OLD}, s. 194H"),
    ("TDS_COMMISSION", "Commission or brokerage", "IN", "2", date(2024, 10, 1), LAST_OLD,
     f"{OLD}, s. 194H, as amended by the Finance (No. 2) Act 2024"),
    ("TDS_COMMISSION", "Commission or brokerage", "IN", "2", FIRST_NEW, None, f"{NEW}, s. 393(1), Sl. 1(ii)"),
    ("TDS_CONTRACT_PERSON", "Contractor: individual or Hindu undivided family", "IN", "1",
     date(2009, 10, 1), LAST_OLD, f"{OLD}, s. 194C"),
    ("TDS_CONTRACT_PERSON", "Contractor: individual or Hindu undivided family", "IN", "1",
     FIRST_NEW, None, f"{NEW}, s. 393(1), Sl. 6(i)"),
    ("TDS_CONTRACT", "Contractor: anybody else", "IN", "2", date(2009, 10, 1), LAST_OLD, f"{OLD}, s. 194C"),
    ("TDS_CONTRACT", "Contractor: anybody else", "IN", "2", FIRST_NEW, None, f"{NEW}, s. 393(1), Sl. 6(i)"),
    ("TDS_PROFESSIONAL", "Professional services", "IN", "10", date(2007, 6, 1), LAST_OLD, f"{OLD}, s. 194J"),
    ("TDS_PROFESSIONAL", "Professional services", "IN", "10", FIRST_NEW, None, f"{NEW}, s. 393(1), Sl. 6(iii)"),
    ("TDS_TECHNICAL", "Technical services", "IN", "2", date(2020, 4, 1), LAST_OLD, f"{OLD}, s. 194J"),
    ("TDS_TECHNICAL", "Technical services", "IN", "2", FIRST_NEW, None, f"{NEW}, s. 393(1), Sl. 6(iii)"),
    ("VAT", "Value added tax, standard rate", "SA", "15", date(2020, 7, 1), None, "Royal Order A/638, 10 May 2020"),
    ("VAT", "Value added tax, standard rate", "AE", "5", date(2018, 1, 1), None, "Federal Decree-Law 8 of 2017"),
    ("VAT", "Value added tax, standard rate", "BH", "10", date(2022, 1, 1), None, "Decree-Law 33 of 2021"),
    ("VAT", "Value added tax, standard rate", "OM", "5", date(2021, 4, 16), None, "Royal Decree 121/2020"),
]


def enter(apps, schema_editor):
    TaxRate = apps.get_model("tax", "TaxRate")
    TaxRate.objects.bulk_create(
        TaxRate(code=c, name=n, country=land, rate=Decimal(r), effective_from=start, effective_to=end, law=law)
        for c, n, land, r, start, end, law in LAW
    )


class Migration(migrations.Migration):
    dependencies = [("tax", "0001_initial")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
