"""What people really write, language by language, and what it must mean. `verb codes | text`, one reply a line.

`+` before the verb of an acknowledgement: with a note. `all`: everything was meant. `:` before what is asked for.
"""

from __future__ import annotations

TABLE: dict[str, str] = {
    "en": """
unclear | ok but busy
unclear | Ok I'll pass
unclear | ok, someone else please
unclear | ok give it to Ben
unclear | okay I am asleep
unclear | ok later
unclear | ok tomorrow
unclear | yes, in the morning
unclear | ok, you do it
unclear 42 | ok 42 but busy
unclear 42 | ok 42, I'll pass
unclear 42 | 42 ok give it to Ben
+ack | ok on it, rebooting db1
+ack 42 | ok 42 the link is down, calling the carrier
+ack 42 | ok 42 I'll call you back in 10 min
ack | No problem, on it
ack | no worries, ok
ack 42 | no problem, ok 42
unclear | no problem
unclear | no idea
ack | ok
ack | Ok!
ack | O.K.
ack | yep
ack | Roger
ack | I'm on it
ack | I’ve got it
ack | omw
ack | 🆗
ack | 👍🏾👍🏾
+ack | ok no problem
ack 10 | ok 10
ack 10 | 10 ok
ack 10 | OK 10.
ack 10 | ok１０
ack 10 | 1️⃣0️⃣ ok
ack 10 47 | ok 10, 47
ack 10 47 | 10 and 47 ok
ack 10 47 | ack 10 & 47
ack all | ok all
ack all | Yes, all!
ack all | ok both
+ack | ok thanks
+ack | ok be there 10:30
+ack | ok call me on 07700 900111
+ack | ok +44 7700 900111 is my number
+ack | ok 192.168.10.47 it is
+ack 10 | ok 10 on my way
+ack 10 | ok 10 eta 20
+ack 10 | ok 10, at 10:30 in the rack
+ack 10 | ok 10 on site in 20 min
+ack 10 | ok 10 no idea what it is, looking
+ack 10 | Ok 10 - the router, I think
+ack 10 | ok 10 20 min
+ack 10 | ok 10 disk at 95%
+ack 10 | ok 10 host 10.0.0.47 is up
+ack 10 | ok 10 what happened?
+ack all | ok all on my way
unclear | not ok
unclear | ok not mine
unclear | ok but I can't
unclear | ok no
unclear | no ok
unclear | ok, sorry, I really cannot
unclear | yes but I won't be able to
unclear 10 | ok 10 but not 47
unclear | ok all but 52
unclear | ok all except the last
unclear | ok to close it?
unclear | ok stop
unclear | 👍👎
unclear | can't
unclear | Sorry, I can't
unclear | not now
unknown | 10
unknown | 10 47
unknown | what is this
ack | Thanks, on it
ack 10 | sorry, ok 10
+ack 10 | ok 10 looking into it
refuse | sorry no
unknown | it is ok
unknown | 0700 900 111
unknown | 10:30
unknown | a fuse has blown
refuse | no
refuse | No.
refuse | NOPE
refuse | busy
refuse | I'm busy
refuse | pass
refuse | no sorry
refuse | 👎
refuse 10 | no 10
refuse 10 | 10 no
refuse 10 47 | busy 10 47
unclear | no I am at the cinema
unclear | no, I am on holiday
unclear | busy until five
unclear | no way
unclear 10 | no 10 it is yours
close | done
close | Fixed!
close | all done
close 10 | done 10
close 10 | ok done 10
close 10 47 | closed 10 and 47
unclear | done in a minute
unclear | done?no
unclear | close to the office
unclear | fixed it yesterday already
more | more
more 10 | more 10
more 10 | up 10
more | more info please
unclear | more or less
list | ?
list | ？
list | list
list | status?
help | help
on | on
off | off
on | on duty
unclear | off to bed
unclear | on the train
unclear 10 | off 10
stop | stop
stop | STOP.
stop | unsubscribe
unclear | stop it
unclear | stop calling me
who | who
who | who is on call?
who :network | who network
who :db core | who is on call for db core?
swap :ben 8:00 | swap ben 8:00
swap :Ben until 24 dec 9:00 | Swap Ben until 24 dec 9:00
unclear 7313 | swap 7313
relief | relief
relief | Relief please
unclear 7313 | relief 7313
unclear | off noc
automatic | Auto-reply: I am driving
automatic | I am on holiday until Monday. Thank you for your message.
automatic | OK: Out of Office
automatic | Message not delivered: no such number
ack 10 | ok 10 Sent from my iPhone
visit :2h at Leeds | please visit 2h at Leeds
home | visit over
unclear | home now
""",
    "cy": """
unclear | iawn ond dwi'n brysur
unclear | iawn, nes ymlaen
unclear | ok rhywun arall plis
unclear | iawn, dwi'n cysgu
ack | iawn
ack | Iawn!
ack | ocê
ack | oce
ack | ie
ack | ydw
ack | ar fy ffordd
ack | dim problem
ack 10 | iawn 10
ack 10 47 | 10 ac 47 iawn
ack all | iawn popeth
+ack 10 | iawn 10 rwy'n dod nawr
unclear | ddim yn iawn
unclear | iawn ond nid fi
refuse | na
refuse 10 | prysur 10
refuse | na sori
close | wedi gorffen
close 10 | cau 10
more 10 | mwy 10
more | manylion
list | rhestr
help | cymorth
who :network | pwy network
off | i ffwrdd
stop | stopio
ack | ok
automatic | Allan o'r swyddfa tan ddydd Llun
automatic | Rydw i ar fy ngwyliau
visit :2 awr yn Leeds | ymweliad 2 awr yn Leeds
home | adref, diolch
""",
    "de": """
unclear | ok mach du
unclear | ok aber später
unclear | ok später
unclear | ja, jemand anders bitte
unclear | ok ich schlafe
unclear 42 | ok 42 bin beschäftigt
unclear 42 | ok 42 gib es Ben
+ack | ok, schaue mir db1 an
ack | kein Problem, mache ich
ack 42 | Kein Problem, ok 42
ack | ja
ack | Ja!
ack | alles klar
ack | bin dran
ack | bin unterwegs
ack | Übernehme
ack | uebernehme
ack | bestaetigt
+ack | ok, kein Problem
ack | ok
ack 10 | ok 10
ack 10 | 10 übernommen
ack 10 47 | ja 10 und 47
ack all | ok alle
+ack 10 | ja 10 bin in 20 min da
+ack | ok bin um 10.30 Uhr dort
+ack | ok fahre los
unclear | nicht ok
unclear | Kann gerade nicht
unclear | keine Zeit
unclear | ok nicht meins
unclear | ja aber ich kann nicht
unclear | ok alle außer 47
refuse | nein
refuse | Nö
refuse | beschäftigt
refuse 10 | nein 10
refuse | nein sorry
unclear | nein ich schlafe
close | erledigt
close 10 | Gelöst 10
close | läuft wieder
more 10 | mehr 10
list | liste
help | Hilfe
on | an
off | aus
who :mail | wer hat Dienst für mail?
swap :ben 8:00 | tausche ben 8:00
stop | abmelden
automatic | Automatische Antwort: bin im Urlaub
automatic | Ich bin bis Montag im Urlaub.
ack 10 | ok 10\\nGesendet von meinem iPhone
ack | ok\\n\\nVon meinem iPhone gesendet
visit :2 Std Leeds | Einsatz 2 Std Leeds
home | bin zu Hause, danke
home | Einsatz beendet
unclear | bin zu Hause, glaube ich
+ack | ok bin zu Hause, schaue nach
""",
    "fr": """
unclear | vu mais je dors
unclear | ok plus tard
unclear | ok quelqu'un d'autre svp
unclear | d'accord, demain
unclear 42 | ok 42 je suis occupé
+ack | vu, je redémarre db1
ack | pas de problème, je m'en occupe
ack | oui
ack | d'accord
ack | D’accord !
ack | reçu
ack | recu
ack | bien reçu
ack | reconnu
ack | j'arrive
ack | je m'en occupe
ack | en route
+ack | ok pas de problème
ack 10 | oui 10
ack 10 47 | ok 10 et 47
ack all | ok tout
+ack 10 | ok 10 j'arrive dans 20 minutes
+ack | ok je regarde à 10h30
unclear | pas ok
unclear | je ne suis pas dispo
unclear | ok pas moi
unclear | oui mais je ne peux pas
unclear | ok tout sauf 47
refuse | non
refuse 10 | occupé 10
refuse | non désolé
unclear | non je dors
close | c'est réglé
close 10 | terminé 10
close | résolu
more 10 | détails 10
list | liste
help | aide
off | hors service
who :mail | qui est de garde pour mail ?
stop | arrêter
automatic | Réponse automatique : absent du bureau
automatic | Je suis en congé jusqu'à lundi
visit :jusqu'à 18h | Visite jusqu'à 18h
home | je suis rentrée, merci
""",
    "es": """
unclear | ok pero estoy ocupado
unclear | vale, más tarde
unclear | ok otra persona por favor
unclear | ok estoy durmiendo
+ack | vale, reinicio db1
ack | sin problema, voy
ack | sí
ack | si
ack | Sí.
ack | vale
ack | recibido
ack | voy en camino
ack | de acuerdo
ack | ya voy
+ack | ok no hay problema
ack 10 | sí 10
ack 10 47 | ok 10 y 47
ack all | vale todos
+ack 10 | ok 10 llego en 20 minutos
unclear | no ok
unclear | ok no es mío
unclear | sí pero no puedo
unclear | ok todos menos 47
refuse | no
refuse | ocupado
refuse | no gracias
refuse 10 | ocupada 10
unclear | no estoy en casa
close | hecho
close 10 | resuelto 10
more 10 | más 10
list | lista
help | ayuda
who :correo | quién está de guardia para correo?
stop | baja
automatic | Respuesta automática: estoy de vacaciones
automatic | Estoy de vacaciones hasta el lunes
visit :2 horas en Leeds | visita 2 horas en Leeds
home | ya en casa
list | estado
""",
    "pl": """
unclear | ok ale śpię
unclear | ok później
unclear | ok ktoś inny
unclear | tak, jutro
+ack | ok restartuję db1
ack | nie ma sprawy, jadę
ack | tak
ack | Tak!
ack | oke
ack | okej
ack | przyjąłem
ack | przyjalem
ack | przyjęłam
ack | już jadę
ack | w drodze
ack | zajmę się tym
+ack | ok, nie ma problemu
ack 10 | tak 10
ack 10 47 | ok 10 i 47
ack all | ok wszystkie
+ack 10 | tak 10 będę za 20 minut
unclear | nie ok
unclear | ok ale nie ja
unclear | ok wszystko oprócz 47
refuse | nie
refuse | zajęty
refuse 10 | zajeta 10
unclear | nie mogę teraz
close | zrobione
close 10 | naprawione 10
more 10 | więcej 10
list | lista
help | pomoc
on | włącz
off | wyłącz
who :poczta | kto ma dyżur dla poczta?
stop | wypisz
automatic | Odpowiedź automatyczna: jestem na urlopie
automatic | Jestem na urlopie do poniedziałku
visit :na 2 godz | wizyta na 2 godz.
home | już w domu, dzięki
home | po wizycie
list | stan?
""",
    "zh": """
unclear | 不忙
unclear | 我不忙
unclear | 好的，但我在睡觉
unclear | 收到，稍后
unclear | 好的，明天
unclear | 好，让其他人来
unclear | ok 我在忙
unclear | 收到但是很忙
+ack | 收到，重启db1
ack | 好
ack | 好的
ack | 收到
ack | 收到！
ack | 明白了
ack | 我来处理
ack | 马上到
ack | 在路上
ack | 没问题
ack | ok
ack | 好的收到
ack 10 | 收到10
ack 10 | 10收到
ack 10 | 收到 １０
ack 10 47 | 收到10和47
ack 10 47 | 好的，10、47
ack all | 收到全部
+ack | 收到，20分钟后到
+ack 10 | 收到10，马上看路由器
unclear | 收到，不是我的
unclear | 好，但我来不了的
unknown | 好像坏了
unclear | 不好
refuse | 不行
refuse | 忙
refuse | 没空
refuse 10 | 10没空
close | 搞定
close 10 | 已解决10
close 10 | 10搞定了
more 10 | 详情10
list | 列表
list | ？
help | 帮助
off | 下班
who | 谁值班
stop | 退订
automatic | 自动回复：我在休假
automatic | 我正在休假，周一回来
visit :两小时 | 现场两小时
visit :2小时 利兹 | 现场2小时 利兹
visit :18点 | 现场到18点
home | 我到家了
unknown | 现场已恢复
""",
}
