"""Publication times: golden strings, faults, then properties."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import timestamps

FETCHED = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
JAKARTA, MAKASSAR, MANILA, YANGON = "Asia/Jakarta", "Asia/Makassar", "Asia/Manila", "Asia/Yangon"

# as printed | zone of the source | UTC, to the minute | local day
GOLDEN = """
2024-06-18T14:30:00+07:00 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00+0700 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00.000+07:00 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00.123456+07:00 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T07:30:00Z | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T07:30:00.000Z | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18 14:30:00 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30 | Asia/Makassar | 2024-06-18 06:30 | 2024-06-18
2024-06-18T20:30:00Z | Asia/Jakarta | 2024-06-18 20:30 | 2024-06-19
2024-06-18T23:30:00-05:00 | Asia/Jakarta | 2024-06-19 04:30 | 2024-06-19
2024-06-18T14:30:00+08:00 | Asia/Manila | 2024-06-18 06:30 | 2024-06-18
2024-06-18T14:30:00+06:30 | Asia/Yangon | 2024-06-18 08:00 | 2024-06-18
2024-06-18T14:30:00+00:00 | Asia/Yangon | 2024-06-18 14:30 | 2024-06-18
2024-06-18T00:00:00+08:00 | Asia/Taipei | 2024-06-17 16:00 | 2024-06-18
2024-06-18T00:10:00+09:00 | Asia/Jakarta | 2024-06-17 15:10 | 2024-06-17
2024/06/18 14:30:12 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024/06/18 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
2024-06-18 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
2024-6-8 | Asia/Jakarta | 2024-06-07 17:00 | 2024-06-08
2024.06.18 14.30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
20240618 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
20240618143000 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
20240618T143000Z | Asia/Jakarta | 2024-06-18 14:30 | 2024-06-18
20240618T143000+0700 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
1718695800 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
1718695800000 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 14:30:00 +0700 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 07:30:00 GMT | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 23:30:00 GMT | Asia/Jakarta | 2024-06-18 23:30 | 2024-06-19
Tue, 18 Jun 2024 02:30:00 EST | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 14:30:00 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 Jun 2024 14:30:00 +0800 | Asia/Manila | 2024-06-18 06:30 | 2024-06-18
Tue Jun 18 2024 14:30:00 GMT+0700 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 WITA | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 WIT | Asia/Jakarta | 2024-06-18 05:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 | Asia/Makassar | 2024-06-18 06:30 | 2024-06-18
Selasa, 18 Juni 2024 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
Selasa, 18 Jun 2024 14:30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024 pukul 14.30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024, pkl. 14.30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024 | 14:30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa 18 Juni 2024 |14:30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024, 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024 16.20 WIB | Asia/Jakarta | 2024-06-18 09:20 | 2024-06-18
18 Januari 2024 | Asia/Jakarta | 2024-01-17 17:00 | 2024-01-18
18 Februari 2024 | Asia/Jakarta | 2024-02-17 17:00 | 2024-02-18
18 Pebruari 2024 | Asia/Jakarta | 2024-02-17 17:00 | 2024-02-18
18 Maret 2024 | Asia/Jakarta | 2024-03-17 17:00 | 2024-03-18
18 April 2024 | Asia/Jakarta | 2024-04-17 17:00 | 2024-04-18
18 Mei 2024 | Asia/Jakarta | 2024-05-17 17:00 | 2024-05-18
18 Juli 2024 | Asia/Jakarta | 2024-07-17 17:00 | 2024-07-18
18 Agustus 2024 | Asia/Jakarta | 2024-08-17 17:00 | 2024-08-18
18 Agu 2024 | Asia/Jakarta | 2024-08-17 17:00 | 2024-08-18
18 Ags 2024 14:30 WIB | Asia/Jakarta | 2024-08-18 07:30 | 2024-08-18
18 Agt 2024 | Asia/Jakarta | 2024-08-17 17:00 | 2024-08-18
18 Agst. 2024 | Asia/Jakarta | 2024-08-17 17:00 | 2024-08-18
18 September 2024 | Asia/Jakarta | 2024-09-17 17:00 | 2024-09-18
18 Sept 2024 | Asia/Jakarta | 2024-09-17 17:00 | 2024-09-18
18 Oktober 2024 | Asia/Jakarta | 2024-10-17 17:00 | 2024-10-18
21 Okt 2025 14:30 WIB | Asia/Jakarta | 2025-10-21 07:30 | 2025-10-21
18 Nopember 2024 | Asia/Jakarta | 2024-11-17 17:00 | 2024-11-18
18 Nov 2024 | Asia/Jakarta | 2024-11-17 17:00 | 2024-11-18
18 Desember 2024 | Asia/Jakarta | 2024-12-17 17:00 | 2024-12-18
18 Des 2024 | Asia/Jakarta | 2024-12-17 17:00 | 2024-12-18
Jumat, 31 Mei 2024 23:59 WIB | Asia/Jakarta | 2024-05-31 16:59 | 2024-05-31
Jum'at, 31/05/2024 00:01 WIB | Asia/Jakarta | 2024-05-30 17:01 | 2024-05-31
Senin (12/6/2024) | Asia/Jakarta | 2024-06-11 17:00 | 2024-06-12
Rabu (12/6/2024) malam | Asia/Jakarta | 2024-06-11 17:00 | 2024-06-12
Kompas.com, 03/08/2026, 17:53 WIB | Asia/Jakarta | 2026-08-03 10:53 | 2026-08-03
Kompas.com - 21/10/2025, 14:30 WIB | Asia/Jakarta | 2025-10-21 07:30 | 2025-10-21
Kompas.com - 21/10/2025, 14:30 WIB Diperbarui 22/10/2025, 08:00 WIB | Asia/Jakarta | 2025-10-21 07:30 | 2025-10-21
AntaraTerbit 20 Nov 2025 19:06 WIB | Asia/Jakarta | 2025-11-20 12:06 | 2025-11-20
Minggu, 12 Juli 2026 | Asia/Jakarta | 2026-07-11 17:00 | 2026-07-12
12/07/2026 10:00 WIB | Asia/Jakarta | 2026-07-12 03:00 | 2026-07-12
24 April 2026 20:05 | Asia/Jakarta | 2026-04-24 13:05 | 2026-04-24
04/05/2026 20:05 | Asia/Jakarta | 2026-05-04 13:05 | 2026-05-04
Jurnalis- Selasa 18 Juni 2024 |09:15 WIB | Asia/Jakarta | 2024-06-18 02:15 | 2024-06-18
18-06-2024 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18.06.2024 14.30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18/06/2024 14:30 GMT+7 | Asia/Ho_Chi_Minh | 2024-06-18 07:30 | 2024-06-18
18/06/2024 14:30 (GMT+07:00) | Asia/Ho_Chi_Minh | 2024-06-18 07:30 | 2024-06-18
18/6/24 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
18/06/24 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
1/2/2024 | Asia/Jakarta | 2024-01-31 17:00 | 2024-02-01
06/18/2024 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
14:30 WIB, 18 Juni 2024 | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
14.30 WITA, 18 Ags 2024 | Asia/Jakarta | 2024-08-18 06:30 | 2024-08-18
14:30, 18 Juni 2024 | Asia/Makassar | 2024-06-18 06:30 | 2024-06-18
Published on September 29, 2025 | Asia/Jakarta | 2025-09-28 17:00 | 2025-09-29
Published: June 18, 2024 | Asia/Phnom_Penh | 2024-06-17 17:00 | 2024-06-18
June 18, 2024 2:30 pm | Asia/Phnom_Penh | 2024-06-18 07:30 | 2024-06-18
June 18, 2024 at 2:30 PM | Asia/Phnom_Penh | 2024-06-18 07:30 | 2024-06-18
June 18, 2024 | 2pm | Asia/Phnom_Penh | 2024-06-18 07:00 | 2024-06-18
Jun 18, 2024, 02:30 PM (GMT+8) | Asia/Phnom_Penh | 2024-06-18 06:30 | 2024-06-18
Jun. 18, 2024 12:30 a.m. | Asia/Manila | 2024-06-17 16:30 | 2024-06-18
Jun 18, 2024 12:05 PM PHT | Asia/Manila | 2024-06-18 04:05 | 2024-06-18
Jun 18, 2024 10:15 AM PHST | Asia/Jakarta | 2024-06-18 02:15 | 2024-06-18
June 18th, 2024 | Asia/Bangkok | 2024-06-17 17:00 | 2024-06-18
18th June 2024 | Asia/Bangkok | 2024-06-17 17:00 | 2024-06-18
18 June 2024, 2.30pm | Asia/Kuala_Lumpur | 2024-06-18 06:30 | 2024-06-18
Tuesday, 18 Jun 2024 2:30 PM MYT | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
18 Jun 2024 02:30PM SGT | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
18 Jun 2024 14:30 HKT | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
18 Jun 2024 14:30 ICT | Asia/Manila | 2024-06-18 07:30 | 2024-06-18
18 Jun 2024 14:30 MMT | Asia/Jakarta | 2024-06-18 08:00 | 2024-06-18
18 Jun 2024 14:30 PST | Asia/Manila | 2024-06-18 06:30 | 2024-06-18
18-Jun-2024 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18 Jun '24 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
Selasa, 18 Julai 2023 8:15 PM | Asia/Kuala_Lumpur | 2023-07-18 12:15 | 2023-07-18
Isnin, 18 Mac 2024 | Asia/Kuala_Lumpur | 2024-03-17 16:00 | 2024-03-18
18 Ogos 2024 @ 2:30pm | Asia/Kuala_Lumpur | 2024-08-18 06:30 | 2024-08-18
18 Disember 2024 2:30 pm | Asia/Kuala_Lumpur | 2024-12-18 06:30 | 2024-12-18
18 Jun 2024 jam 14:30 | Asia/Kuala_Lumpur | 2024-06-18 06:30 | 2024-06-18
Hunyo 18, 2024 | Asia/Manila | 2024-06-17 16:00 | 2024-06-18
Ngày 18 tháng 6, 2024 | Asia/Ho_Chi_Minh | 2024-06-17 17:00 | 2024-06-18
2024年6月18日 14:30 | Asia/Taipei | 2024-06-18 06:30 | 2024-06-18
2024年06月18日 | Asia/Taipei | 2024-06-17 16:00 | 2024-06-18
18 Juni 2024 - 07:05 WIB | Asia/Jakarta | 2024-06-18 00:05 | 2024-06-18
18 Juni 2024 – 07:05 | Asia/Jakarta | 2024-06-18 00:05 | 2024-06-18
18 Juni 2024 • 07:05 | Asia/Jakarta | 2024-06-18 00:05 | 2024-06-18
18 Juni 2024 (07:05 WIB) | Asia/Jakarta | 2024-06-18 00:05 | 2024-06-18
29 Februari 2024 07:05 WIB | Asia/Jakarta | 2024-02-29 00:05 | 2024-02-29
18 Juni 2024 25:70 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
2024-06-18T14:30:00+07:00[Asia/Jakarta] | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
31 Des 2024 23:30 WIB | Asia/Jayapura | 2024-12-31 16:30 | 2025-01-01
1 Januari 2025 00:30 WIT | Asia/Jakarta | 2024-12-31 15:30 | 2024-12-31
Selasa, 18 Juni 2024 / 14:30 WIB | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa, 18/06/2024 14.30 Wita | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 Wib | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
Selasa, 18 Juni 2024 14:30 wit | Asia/Jakarta | 2024-06-18 05:30 | 2024-06-18
Rabu, 1 Mei 2024 | 00.05 WIT | Asia/Jakarta | 2024-04-30 15:05 | 2024-04-30
18 Juni 2024 14:30 WIB (UTC+7) | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
2024-06-18 14:30:00 +0700 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
2024-06-18 14:30:00 WITA | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
2024-06-18 14:30:00+07 | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
2024-06-18 14:30:00 UTC | Asia/Jakarta | 2024-06-18 14:30 | 2024-06-18
2024-06-18T07:30:00.000000Z | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30+07:00 | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
2024-06-18T14:30:00−07:00 | America/New_York | 2024-06-18 21:30 | 2024-06-18
2024-06-18 2:30 PM | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
20240618 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
2024-06-18, 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18/06/2024 02:30 PM | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
18/06/2024, 14.30 WITA | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
18/06/2024 | 14:30 WIT | Asia/Jakarta | 2024-06-18 05:30 | 2024-06-18
18/06/2024 - 14:30 | Asia/Ho_Chi_Minh | 2024-06-18 07:30 | 2024-06-18
14:30 18/06/2024 | Asia/Ho_Chi_Minh | 2024-06-18 07:30 | 2024-06-18
14:30 | 18/06/2024 | Asia/Ho_Chi_Minh | 2024-06-18 07:30 | 2024-06-18
14:30 GMT+7, 18/06/2024 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Thứ ba, 18/6/2024, 14:30 (GMT+7) | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
06-18-2024 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
09/10/2024 23:59 WIB | Asia/Jakarta | 2024-10-09 16:59 | 2024-10-09
10/09/2024 00:00 WIB | Asia/Jakarta | 2024-09-09 17:00 | 2024-09-10
12/12/2024 | Asia/Jakarta | 2024-12-11 17:00 | 2024-12-12
01-02-2024 09:00 | Asia/Jakarta | 2024-02-01 02:00 | 2024-02-01
3.4.2024 | Asia/Jakarta | 2024-04-02 17:00 | 2024-04-03
Selasa 18-Jun-2024 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
Sel, 18 Jun 2024 14:30:00 +0700 | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 14:30:00 +0900 | Asia/Jakarta | 2024-06-18 05:30 | 2024-06-18
Tue, 18 Jun 2024 00:30:00 +0900 | Asia/Jakarta | 2024-06-17 15:30 | 2024-06-17
Tue, 18 Jun 24 14:30:00 +0700 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 07:30:00 Z | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 07:30:00 +0000 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Tue, 18 Jun 2024 17:45:00 UTC | Asia/Jakarta | 2024-06-18 17:45 | 2024-06-19
Tuesday June 18 2024 14:30 | Asia/Bangkok | 2024-06-18 07:30 | 2024-06-18
Tuesday, June 18, 2024 - 14:30 | Asia/Bangkok | 2024-06-18 07:30 | 2024-06-18
Jun 18 2024 14:30 | Asia/Bangkok | 2024-06-18 07:30 | 2024-06-18
June 18, 2024 | 12:00 am | Asia/Phnom_Penh | 2024-06-17 17:00 | 2024-06-18
June 18, 2024 12:00 PM | Asia/Phnom_Penh | 2024-06-18 05:00 | 2024-06-18
June 18, 2024 11:59 PM | Asia/Phnom_Penh | 2024-06-18 16:59 | 2024-06-18
Updated 18 Jun 2024, 14:30 | Asia/Singapore | 2024-06-18 06:30 | 2024-06-18
Published 18 June 2024 14:30 SGT | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
18 Jun 2024 02:30PM (Updated: 19 Jun 2024 09:00AM) | Asia/Singapore | 2024-06-18 06:30 | 2024-06-18
Diterbitkan 18 Juni 2024 14:30 WIB, Diperbarui 19 Juni 2024 08:00 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
Tayang: Selasa, 18 Juni 2024 10:15 WITA | Asia/Jakarta | 2024-06-18 02:15 | 2024-06-18
Terbit 18 Jun 2024 08:50 WIB | Asia/Makassar | 2024-06-18 01:50 | 2024-06-18
Ogos 18, 2024 @ 8:00pm | Asia/Kuala_Lumpur | 2024-08-18 12:00 | 2024-08-18
18 Ogos 2024 @ 8:00pm | Asia/Kuala_Lumpur | 2024-08-18 12:00 | 2024-08-18
Ahad, 18 Ogos 2024 11:05 AM | Asia/Kuala_Lumpur | 2024-08-18 03:05 | 2024-08-18
18 Disember 2024 | Asia/Kuala_Lumpur | 2024-12-17 16:00 | 2024-12-18
18 Hunyo 2024 | Asia/Manila | 2024-06-17 16:00 | 2024-06-18
Martes, Hunyo 18, 2024 | Asia/Manila | 2024-06-17 16:00 | 2024-06-18
Setyembre 18, 2024 2:30 PM | Asia/Manila | 2024-09-18 06:30 | 2024-09-18
18 Juni 2024 jam 14.30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024 - Pukul 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024; 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024 : 14.30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 Juni 2024   14:30   WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 JUNI 2024 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
18 juni 2024 | Asia/Jakarta | 2024-06-17 17:00 | 2024-06-18
8 Juni 2024 7:05 WIB | Asia/Makassar | 2024-06-08 00:05 | 2024-06-08
08 Jun 2024 07:05 | Asia/Jakarta | 2024-06-08 00:05 | 2024-06-08
18 Peb 2024 07:05 WIB | Asia/Makassar | 2024-02-18 00:05 | 2024-02-18
18 Nop 2024 07:05 WIB | Asia/Makassar | 2024-11-18 00:05 | 2024-11-18
18 Okt 2024 23:30 WITA | Asia/Jakarta | 2024-10-18 15:30 | 2024-10-18
18 Mrt 2024 | Asia/Jakarta | 2024-03-17 17:00 | 2024-03-18
30 Juni 2024 23:30 WIB | Asia/Jayapura | 2024-06-30 16:30 | 2024-07-01
1 Maret 2024 00:30 WIT | Asia/Jakarta | 2024-02-29 15:30 | 2024-02-29
/Date(1718695800000)/ | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
1718695800.0 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Kompas.com, 18/06/2024, 06:05 WIB | Asia/Makassar | 2024-06-17 23:05 | 2024-06-18
Redaksi - Selasa, 18 Juni 2024 - 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Oleh Meja Daerah 18 Juni 2024, 14:30 WIB | Asia/Makassar | 2024-06-18 07:30 | 2024-06-18
12 Views 18 Juni 2024 14:30 | Asia/Jakarta | 2024-06-18 07:30 | 2024-06-18
Selasa (18/6/2024) pukul 14.30 WITA | Asia/Jakarta | 2024-06-18 06:30 | 2024-06-18
"""
ROWS = [[part.strip() for part in line.rsplit(" | ", 3)] for line in GOLDEN.strip().splitlines()]


@pytest.mark.parametrize(("raw", "zone", "at", "day"), ROWS, ids=[row[0] for row in ROWS])
def test_golden_strings(raw: str, zone: str, at: str, day: str) -> None:
    found = timestamps.read(raw, zone, FETCHED)
    assert found is not None
    assert f"{found.at:%Y-%m-%d %H:%M}" == at
    assert str(found.date) == day
    assert found.at.tzinfo is dt.UTC


def test_there_are_enough_of_them() -> None:
    assert len({(raw, zone) for raw, zone, _, _ in ROWS}) >= 200


@pytest.mark.parametrize(
    ("raw", "has_time"),
    [
        ("2024-06-18", False),
        ("18 Juni 2024", False),
        ("18 Juni 2024 00:00", True),
        ("18/6/2024", False),
    ],
)
def test_whether_a_clock_time_was_printed(raw: str, has_time: bool) -> None:
    found = timestamps.read(raw, JAKARTA, FETCHED)
    assert found is not None
    assert found.has_time is has_time


@pytest.mark.parametrize(
    "raw",
    [
        "", "-", "baru saja", "2 jam yang lalu", "3 hours ago", "kemarin", "14:30 WIB", "Juni 2024", "2024",
        "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+07:00", "0000000000", "1999-12-31", "2064-01-01",
        "2026-11-26T00:00:00Z", "31 Februari 2024", "2024-13-40", "32/13/2024", "Sabtu pukul 16.20 WIB",
        "{{ article.date }}", "undefined", "12345", "99999999999999",
    ],
)  # fmt: skip
def test_what_is_no_publication_time(raw: str) -> None:
    assert timestamps.read(raw, JAKARTA, FETCHED) is None


def test_a_scheduled_post_within_a_day_is_believed() -> None:
    assert timestamps.read("2026-11-25T02:00:00Z", JAKARTA, FETCHED) is not None


def test_given_days_and_moments() -> None:
    day = timestamps.of_day(dt.date(2024, 6, 18), MAKASSAR, FETCHED)
    assert day is not None
    assert day.at == dt.datetime(2024, 6, 17, 16, tzinfo=dt.UTC)
    naive = timestamps.of_moment(dt.datetime(2024, 6, 18, 1), MANILA, FETCHED)  # noqa: DTZ001
    assert naive is not None
    assert (naive.at.hour, naive.date) == (17, dt.date(2024, 6, 18))
    assert timestamps.of_day(dt.date(2064, 1, 1), YANGON, FETCHED) is None
    assert timestamps.of_moment(dt.datetime.max.replace(tzinfo=dt.UTC), YANGON, FETCHED) is None


MOMENTS = st.datetimes(dt.datetime(2000, 1, 2), dt.datetime(2026, 11, 1))  # noqa: DTZ001
OFFSETS = st.sampled_from([0, 390, 420, 480, 540, -300])


@given(MOMENTS, OFFSETS)
def test_iso_times_come_back_exactly(moment: dt.datetime, minutes: int) -> None:
    printed = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    found = timestamps.read(printed.isoformat(), JAKARTA, FETCHED)
    assert found is not None
    assert found.at == printed


INDONESIAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
)


@given(MOMENTS, st.sampled_from([("WIB", 7), ("WITA", 8), ("WIT", 9)]))
def test_indonesian_times_come_back_exactly(moment: dt.datetime, zone: tuple[str, int]) -> None:
    month = INDONESIAN.split()[moment.month - 1]
    printed = f"Senin, {moment.day} {month} {moment.year} pukul {moment:%H.%M} {zone[0]}"
    found = timestamps.read(printed, MANILA, FETCHED)
    assert found is not None
    wanted = moment.replace(second=0, microsecond=0) - dt.timedelta(hours=zone[1])
    assert found.at == wanted.replace(tzinfo=dt.UTC)


@given(st.text(max_size=80))
def test_any_text_gives_a_believable_time_or_none(raw: str) -> None:
    found = timestamps.read(raw, JAKARTA, FETCHED)
    assert found is None or (
        found.date.year >= timestamps.FIRST_YEAR
        and found.at <= FETCHED + timestamps.FUTURE_TOLERANCE
    )
