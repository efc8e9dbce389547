"""What anger, hurry and danger sound like: patterns over folded text (no capitals, no accents)."""

from __future__ import annotations

import re
from typing import Final


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)")


_THE: Final = r"(?:the |a |an |my |your |o |a |os |as |um |uma |meu |minha |vosso |vossa )?"

SOFTENED: Final = re.compile(
    r"(?:(?<!\w)(?:not|no|never|isn't|aren't|wasn't|don't|dont|without|won't|wont|nao|nem|nunca|sem"
    r"|no need to|rather than)(?: \w+){0,2} )$"
)
"""Stands right before a find and takes it back: "I'm not angry"."""

ASKS_ABOUT: Final = re.compile(
    r"(?:policy|politica)(?!\w)"
    r"|(?:^|\s)(?:do you (?:have|offer|do|give|also|sell|accept)|what (?:is|are|'s) (?:the|your)"
    r"|how (?:does|do|long does|long do)|is there (?:a|an|any)|can i get a quote|what if|what"
    r" happens"
    r"|in case|if (?:i|you|it|the|my)|do i get|would i get|am i entitled|how to prevent|protect"
    r"|tem alguma|qual (?:e )?a|voces (?:tem|fazem)|fazem|como funciona|e se|se (?:eu|o|a|nao|for"
    r"|der|houver|estiver|cancelar|desistir)|caso|o que acontece|ha alguma)(?!\w)[^\n]*\?"
)
"""A sentence that asks how things are done here, or what would be, and disputes nothing."""

ANGER: Final = _any(
    r"(?:so |very |really |absolutely |extremely |bloody |fucking )?(?:angry|furious|livid|outraged"
    r"|enraged|fuming|pissed(?: off)?|seething)",
    r"(?:absolute |total |complete |bunch of |pack of |lying )?(?:idiots|morons|crooks|thieves"
    r"|scammers"
    r"|liars|clowns|incompetents?|cowboys|con ?artists|charlatans)",
    r"(?:you|u|they) (?:are |r )?(?:lying|ripping me off|stealing|scamming|taking the piss|useless"
    r"|incompetent|pathetic|a joke)",
    r"(?:what a|such a|this is a|is a|a complete|total|absolute) (?:joke|scam|disgrace|shambles"
    r"|farce"
    r"|rip ?-?off|con)",
    r"disgrac\w+|disgusting|outrageous|appalling|scandalous|shame on you|screw you|go to hell",
    r"bullshit|fuck (?:you|off|this (?:shop|place|company))|fucking (?:useless|joke|ridiculous"
    r"|terrible|idiots?|thieves|awful|scam|unbelievable)"
    r"|(?:shit|shitty|shite|crap) (?:service|shop|company)|wtf (?:is (?:taking|going|this|wrong"
    r" with you)|are you)",
    r"(?:sick|sick and tired|had enough|fed up) (?:of|with) (?:this|you|your|waiting|it|all)",
    r"had it (?:with (?:you|this)|up to here)|had enough(?! (?:storage|memory|space|of (?:storage"
    r"|memory|space)))",
    r"worst (?:service|shop|company|experience|repair|customer service|place)(?: ever)?",
    r"how dare you|never (?:again|coming back|using you|ever)|ripped me off|you (?:stole|scammed"
    r"|robbed)",
    r"(?:muito |mesmo |completamente |bem )?(?:furios[oa]|indignad[oa]|revoltad[oa]|irritad[oa]"
    r"|zangad[oa]|chatead[oa] a serio|put[oa] da vida|passad[oa] da cabeca)",
    r"(?:bando de |cambada de |uns |umas )?(?:ladroes|aldraboes|aldrabao|incompetentes|vigaristas"
    r"|mentirosos"
    r"|burloes|palhacos|caloteiros|picaretas|golpistas)",
    r"(?:que|e|isto e|isso e)(?: \w+){0,2} (?:vergonha|palhacada|roubo|gozo|escandalo|absurdo"
    r"|descaso|piada"
    r"|falta de respeito)",
    r"uma (?:vergonha|palhacada|fraude|merda|bosta|desilusao total)|inadmissivel|inaceitavel"
    r"|escandalos[oa]",
    r"(?:farto|farta|fartissim[oa]|cansad[oa]|de saco cheio) (?:disto|de esperar|de voces"
    r"|dist[oa]|de tanta"
    r"|dessa|desta|com (?:isto|isso|voces))",
    r"(?:estao|tao|estas) (?:a gozar|a brincar|me enganando|de sacanagem|a roubar)|me enganaram"
    r"|fui enganad[oa]",
    r"vao (?:se foder|para o caralho|a merda)|puta que (?:vos|os)|merda de (?:servico|loja"
    r"|atendimento|empresa)",
    r"pior (?:servico|loja|atendimento|empresa|experiencia)|nunca mais",
)

UNHAPPY: Final = _any(
    r"(?:very |really |so |extremely |quite |deeply )?(?:disappointed|disappointing|unhappy"
    r"|dissatisfied|upset"
    r"|annoyed|annoying|frustrated|frustrating|let down|unimpressed|displeased|irritated"
    r"|irritating)",
    r"(?:not|isn't|wasn't|aren't|am not|i'm not) (?:\w+ )?(?:happy|satisfied|impressed|good"
    r" enough|acceptable|ok with"
    r"|pleased|amused|what i (?:paid|asked|wanted))",
    r"unacceptable|unprofessional|ridiculous|terrible|awful|horrible|dreadful|shocking|poor service"
    r"|bad service|pathetic|rude|waste of (?:time|money)|a complaint|complain(?:ing)?",
    r"(?:still|again) (?:not|isn't|doesn't|won't) (?:fixed|working|work|ready|right|repaired"
    r"|solved)",
    r"(?:worse|more broken) than before|you (?:broke|scratched|damaged|ruined|lost|cracked) (?:my"
    r"|it|the)",
    r"nobody (?:answers|replies|calls|called|cares|told|picks)|no ?one (?:answers|replies|calls"
    r"|called|cares|told"
    r"|picks)|ignor(?:ed|ing) me|being ignored|you promised|you said (?:it|you|that)|was promised",
    r"(?:muito |bastante |mesmo )?(?:desiludid[oa]|descontente|insatisfeit[oa]|aborrecid[oa]"
    r"|chatead[oa]"
    r"|frustrad[oa]|desapontad[oa]|triste com)",
    r"nao (?:estou|fiquei|fico) (?:\w+ )?(?:satisfeit[oa]|content[ea]|feliz)",
    r"lamentavel|pessim[oa]|horrivel|terrivel|mau (?:servico|atendimento)|ma (?:experiencia)"
    r"|ridicul[oa]"
    r"|falta de (?:respeito|profissionalismo|educacao|consideracao)|perda de tempo|reclamacao"
    r"|reclamar",
    r"continua (?:avariad[oa]|igual|na mesma|sem funcionar|estragad[oa]|com o mesmo)|pior do que"
    r" (?:estava|antes)",
    r"(?:riscaram|partiram|estragaram|danificaram|quebraram|perderam)(?:-me)?(?: o| a| meu| minha"
    r"| me)?",
    r"ninguem (?:atende|responde|liga|me (?:liga|responde|diz|atende|disse)|diz|quer saber)"
    r"|prometeram|disseram-me"
    r"|disseram que",
)

SARCASM: Final = _any(
    r"(?:great|nice|lovely|brilliant|amazing|fantastic|wonderful|good) job (?:breaking|losing"
    r"|ruining|scratching)",
    r"thanks for (?:nothing|breaking|ruining|wasting)|some service|what a surprise|are you"
    r" (?:serious|kidding"
    r"|joking)|you must be joking|is (?:anyone|anybody) (?:even )?(?:alive|working)(?: there)?",
    r"obrigad[oa] por nada|belo servico|lindo servico|so pode ser (?:gozo|brincadeira|piada)|deve"
    r" ser piada"
    r"|esta a brincar|ta de brincadeira",
)

SWEARS: Final = _any(
    r"wtf|fuck\w*|shit(?:ty|e)?|bollocks|goddamn\w*|piece of (?:shit|crap|junk)|porra|caralho"
    r"|foda-se|puta que pariu|merda|que bosta",
)
"""At a device or at nobody: not yet at the shop."""
JOKES: Final = re.compile(
    r"(?<!\w)(?:lol|lmao|ha(?:ha)+h?|hehe\w*|rofl|kkk+|rs(?:rs)+|ahah\w*)(?!\w)|[😂🤣😅😆]"
)

PERSON: Final = _any(
    r"(?:speak|talk|chat|connected?|transfer(?:red)?|put me through|get me)(?: \w+){0,2} (?:to"
    r"|with|through to)?"
    r" ?(?:a |an |the |your |some )?(?:\w+ )?(?:person|human(?: being)?|someone(?: real)?"
    r"|somebody|agent|manager"
    r"|supervisor|technician|representative|rep|operator|boss|owner|staff|engineer|people)",
    r"(?:real|actual|live|human) (?:person|human|agent|people|being|operator|support)",
    r"(?:want|need|prefer|give me|get me|like) (?:a |an |to see a )?(?:human|person|manager"
    r"|supervisor|real one)",
    r"(?:not|stop|hate|no) (?:\w+ ){0,3}(?:bot|bots|robot|chatbot|machine|ai)",
    r"(?:human|person|agent|operator|manager) (?:please|pls|now)|(?:human|agent|operator"
    r"|representative)(?=[.!\n]|$)",
    r"is (?:anyone|anybody|someone) (?:there|real)|can (?:someone|somebody|anyone|a human)"
    r" (?:please )?(?:call|ring|phone"
    r"|contact|help|answer)(?: me)?",
    r"(?:call|ring|phone) me(?: back)?(?: please| asap| now| today)?(?=[.!,\n]|$)",
    r"(?:falar|conversar|contact[oa]r|passar|transferir|ligar)(?:-me)?(?: \w+){0,2} (?:com|para"
    r"|a) (?:uma? |o |a |os |um )?"
    r"(?:\w+ )?(?:pessoa|humano|alguem|atendente|responsavel|tecnico|gerente|operador|funcionario"
    r"|colaborador"
    r"|patrao|dono|chefe|gente)",
    r"(?:quero|preciso|prefiro|passem-me|passe-me|chame|chamem)(?: de)?(?: falar com)? (?:um |uma"
    r" |o |a )?(?:pessoa|humano"
    r"|atendente|gerente|responsavel)(?: de verdade| real)?",
    r"(?:pessoa|humano|atendente) (?:de verdade|real|por favor|pf)|(?:nao quero|chega de"
    r"|odeio)(?: \w+){0,3} (?:robo|robot|bot"
    r"|robos|bots|maquina)s?",
    r"(?:liguem|ligue|telefonem|telefone)(?:-me| para mim| me)(?: por favor| hoje| ja| urgente)?",
)

MONEY: Final = _any(
    r"(?:want|give|get|need|demand|expect|asking for|like|owe|owed|request(?:ing)?)(?: \w+){0,3}"
    r" (?:my |a |the |full |our )*"
    r"(?:money back|refund(?:ed)?|reimbursement|deposit back|compensation|partial refund)",
    r"(?:refund|reimburse|compensate) (?:me|my|it|us|the)|money back(?= now|!|\.|$| or| please)"
    r"|where is my (?:refund|money)",
    r"(?:over|double) ?charged|charged (?:me )?(?:twice(?! (?:a|per|every) )|double|too much|more"
    r"|extra|for (?:nothing"
    r"|something|a)|without)",
    r"(?:not|won't|refuse to|wont|never) (?:going to )?(?:pay|paying) (?:for|that|this|you|a|it"
    r"|anything|the|more|twice)",
    r"(?:wrong|incorrect) (?:amount|charge|bill|invoice|price|total)|hidden (?:fees|costs|charges)",
    r"(?:price|bill|invoice|total|cost)(?: \w+){0,3} (?:higher|more|different|not what)(?: \w+)?"
    r" (?:than|from|you|was)",
    r"(?:you|they) (?:said|quoted|told me|agreed)(?: \w+){0,3} (?:[$€£] ?\d|\d+ ?(?:euro|eur"
    r"|[$€£]|pounds|dollars))"
    r"[^.\n?]{0,60}(?:now|but|and|not)",
    r"paid (?:for nothing|twice|already|in full|\d+\S*)(?: \w+){0,6} (?:not|still|again|nothing"
    r"|broken|twice|refund)",
    r"disput(?:e|ing)(?: \w+){0,3} (?:charge|payment|bill|invoice)|cancel(?:l?ing)? (?:the |my"
    r" )?payment",
    r"(?:quero|exijo|devolvam(?:-me)?|devolva|dêem-me|deem-me|pretendo|peco|solicito)(?:"
    r" \w+){0,3} (?:dinheiro(?: de volta)?"
    r"|reembolso|devolucao|estorno|indemnizacao|indenizacao|sinal de volta)",
    r"(?:meu|o) dinheiro (?:de volta|devolvido)|reembols(?:em|e|ar)(?:-me)|estorn(?:em|e|ar) (?:o"
    r"|a|meu)",
    r"cobra(?:ram|do|da|rem)(?:-me)? (?:\w+ ){0,2}(?:a mais|mais|o dobro|duas vezes|sem|errad[oa]"
    r"|indevid\w+)",
    r"nao (?:vou |pago |irei |quero )(?:pagar )?(?:isto|isso|por|nada|esse|este|mais|tanto|duas)",
    r"(?:valor|preco|fatura|conta|factura) (?:errad[oa]|incorret[oa]|a mais|superior|diferente d)"
    r"|mais (?:caro )?do que (?:o "
    r"(?:orcamento|combinado)|combinado|disseram|o orcamentado)",
    r"pague?i (?:duas vezes|para nada|por nada|a toa)|contest(?:ar|o) (?:o |a )?(?:pagamento"
    r"|cobranca|fatura|valor)",
)

LEGAL: Final = _any(
    r"(?:my|our) (?:lawyers?|solicitors?|attorneys?)|(?:call|get|getting|contact|hire|hear from"
    r"|speak to|talk to|see|involve|to|to see)"
    r" (?:a|an|my|our|the) (?:lawyers?|solicitors?|attorneys?)|legal (?:action|team|advice"
    r"|proceedings|steps)",
    r"(?:small claims|going to|take you to|see you in|to) court|su(?:e|ing) (?:you|the shop|your)"
    r"|lawsuit|prosecut\w+",
    r"(?:report|reporting|reported) (?:you|this|it|your)(?: \w+){0,3} (?:to|with)|trading"
    r" standards|ombudsman|consumer"
    r" (?:protection|rights|affairs|agency|council)|bbb|better business bureau",
    r"chargebacks?|charge-backs?|(?:do|file|request|raise|make|a) (?:a |the )?charge backs?"
    r"|dispute (?:it |this |the charge )?with (?:my|the) (?:bank|card|credit)"
    r"|(?:my )?bank (?:to )?(?:reverse|cancel"
    r"|dispute)|call(?:ing)? the police|police report|gdpr (?:complaint|request|breach)",
    r"advogad[oa]s?|tribunal|justica|processar|processo judicial|meter em tribunal|accao judicial"
    r"|acao judicial|queixa-crime",
    r"deco|procon|asae|livro de reclamacoes|reclame aqui|portal da queixa|defesa do consumidor"
    r"|centro de arbitragem"
    r"|julgado de paz|cnpd|juizado",
    r"(?:chamar|ligar|queixa|participar|apresentar queixa)(?: \w+){0,2} (?:a |na |da )?(?:policia"
    r"|psp|gnr)|chargeback|contestacao"
    r" (?:bancaria|no banco|no cartao)",
)

PUBLIC: Final = _any(
    r"(?:leave|leaving|write|writing|post|posting|give|giving)(?: \w+){0,2} (?:a |an |my )?(?:bad"
    r"|negative|honest|terrible|scathing"
    r"|awful|1|one|zero|0)[ -]?(?:star)?s? ?(?:review|rating|feedback|stars?)",
    r"(?:bad|negative|one[- ]star|1[- ]star) reviews?|(?:trustpilot|yelp|google|social media"
    r"|facebook|twitter|instagram|tiktok"
    r"|reddit)(?: \w+){0,3} (?:will|hear|know|about this|review|everyone)|(?:tell|warn|warning)"
    r" (?:everyone|everybody|all"
    r"|people|others|my followers)",
    r"(?:post|put|share)(?: \w+){0,3} (?:on|to|all over) (?:google|facebook|trustpilot|social"
    r"|twitter|instagram|tiktok|reddit"
    r"|the internet)",
    r"(?:deixar|escrever|dar|publicar|fazer|por)(?: \w+){0,2} (?:uma )?(?:ma|pessima|negativa)?"
    r" ?(?:avaliacao|critica|review)"
    r" (?:negativa|ma|pessima|no google|de uma estrela|na net)",
    r"(?:ma|pessima) (?:avaliacao|critica|review)|uma estrela|(?:expor|publicar|partilhar"
    r"|divulgar|contar)(?: \w+){0,3} (?:redes"
    r" sociais|facebook|internet|instagram|toda a gente|todos|todo mundo)",
)

DATA_AT_RISK: Final = _any(
    r"(?:drive|disk|hdd|hard ?drive|hard ?disk|external)(?: \w+){0,5} (?:click(?:s|ing|ed)?"
    r"|grind(?:s|ing)?|tick(?:s|ing)"
    r"|scrap(?:es|ing)|beep(?:s|ing)|buzz(?:es|ing)|screech\w*|knock(?:s|ing))",
    r"click(?:s|ing)(?: \w+){0,3} (?:noise|sound|drive|disk|from|of death)|(?:making|makes)(?:"
    r" \w+){0,3} click\w*",
    r"(?:dropped|drop|fell|kicked)(?: \w+){0,4} (?:external |hard |portable )+(?:drive|disk|hdd)"
    r"|(?:drive|disk) (?:fell|was dropped"
    r"|got dropped)",
    r"(?:deleted|formatted|wiped|erased|overwrote|overwritten)(?: \w+){0,6} (?:by (?:accident"
    r"|mistake)|accidentally|everything|all"
    r" (?:my|the|our))|(?:accidentally|mistakenly) (?:deleted|formatted|wiped|erased|overwrote)",
    r"ransomware|files (?:are |got |were )?(?:all )?encrypted",
    r"(?:disco|hd|hdd)(?: \w+){0,5} (?:cliques?|clica|estalos?|estala|raspa|arranha|bater|a bater"
    r"|tique|apita|barulhos? estranhos?"
    r"|faz barulho|a fazer barulho|fazendo barulho)",
    r"(?:caiu|deixei cair|derrubei)(?:-me)?(?: \w+){0,3} (?:disco(?: externo)?|hd(?: externo)?)"
    r"|disco(?: externo)? caiu",
    r"(?:apaguei|formatei|eliminei|deletei)(?: \w+){0,6} (?:sem querer|por engano|por erro|tudo"
    r"|todas?|todos)|(?:sem querer|por"
    r" engano) (?:apaguei|formatei|eliminei|deletei)",
)

_JUST: Final = (
    r"(?:just(?: now)?|right now|a (?:minute|moment|few minutes|second) ago|minutes ago|an hour"
    r" ago|this (?:morning|minute)|moments ago"
    r"|still (?:wet|dripping|on|running|warm)|dripping|now)"
)
_WET: Final = (
    r"(?:spil(?:led|t|ling)|poured|knocked|dropped|fell|fallen|soaked|drenched|splashed|went"
    r"|drowned|got wet|water|coffee|tea|wine"
    r"|beer|juice|coke|soda|liquid|toilet|pool|sea|bath)"
)
_AGORA: Final = (
    r"(?:agora(?: mesmo)?|acabei de|acabou de|ha (?:minutos|momentos|pouco|instantes|uma hora|\d+"
    r" minutos)|neste momento|ainda"
    r" (?:esta |ta )?(?:molhad[oa]|a pingar|ligad[oa]|pingando))"
)
_MOLHADO: Final = (
    r"(?:agua|cafe|cha|vinho|cerveja|sumo|suco|leite|liquido|entornei|entornou|derramei|derramou"
    r"|molhou(?:-se)?|molhei|caiu|cair"
    r"|sanita|privada|piscina|mar|encharcad[oa])"
)
LIQUID_NOW: Final = re.compile(
    rf"(?<!\w)(?:{_JUST}(?: \w+){{0,3}} (?:spil(?:led|t)|poured|soaked|drenched|splashed|drowned"
    rf"|knocked (?:\w+ ){{0,2}}(?:coffee|tea"
    rf"|water|wine|beer|juice|glass|cup))"
    rf"|{_JUST}(?: \w+){{0,3}} (?:dropped|fell|went|fallen)(?: \w+){{0,4}} (?:in|into|in the"
    rf"|to)(?: \w+){{0,2}} (?:toilet|loo|pool|sea"
    rf"|bath|sink|water|lake|river|puddle|tub|bucket)"
    rf"|(?:spil(?:led|t)|poured|soaked|drenched|splashed|drowned|(?:dropped|fell|went)(?:"
    rf" \w+){{0,4}} (?:in|into)(?: \w+){{0,2}} (?:toilet"
    rf"|loo|pool|sea|bath|sink|water|lake|river|puddle|tub|bucket))[^.\n?]{{0,60}} {_JUST}"
    rf"|(?:it's|its|it is|is|laptop is|phone is) still (?:wet|dripping|soaked|soaking)"
    rf"|{_AGORA}(?: \w+){{0,4}} {_MOLHADO}|{_MOLHADO}[^.\n?]{{0,60}} {_AGORA})(?!\w)"
)
DATA_WISHED: Final = _any(
    r"only copy(?: of)?|no (?:other )?(?:backups?|copy|copies)(?= |[.,!\n]|$)(?! (?:is |are"
    r" )?(?:needed|required|necessary))(?![^.\n]*\?)|never backed (?:it |them )?up"
    r"|(?:don't|dont|didn't|do not|did not) have (?:a |any )?(?:other )?(?:backups?|cop(?:y|ies))",
    r"(?:whole |entire )?(?:thesis|dissertation|phd|wedding|baby|company|business|client|late"
    r" \w+'s|dead \w+'s)(?: \w+){0,3}"
    r" (?:is|are|was|were) (?:gone|lost|deleted|on it|on there|only on|all on)",
    r"unica copia|(?:nao tenho|sem) (?:qualquer |nenhum |nenhuma |outra )?(?:backup|copia(?: de"
    r" seguranca)?)",
    r"(?:tese|casamento|bebe|empresa|dissertacao|mestrado|doutoramento)(?: \w+){0,4}"
    r" (?:desapareceu|desapareceram|perdid[oa]s?|apagad[oa]s?"
    r"|sumiu|sumiram|la dentro|no disco)",
)

SAFETY: Final = _any(
    r"swollen|swelling|bulging|bloated|puffed(?: up)?|expanding batter\w+|spicy pillow"
    r"|batter\w+(?: \w+){0,3} (?:expand\w*|leak\w*|burst"
    r"|exploded|pregnant)",
    r"(?:smok(?:e|es|ing)|sparks?|sparking|flames?|on fire|caught fire|fire)(?= (?:from|coming"
    r"|out|came|when|and|now)|[.!,\n]|$)",
    r"(?:smell|smells|smelling|smelt)(?: \w+){0,3} (?:burn\w*|smoke|chemical\w*|burnt)|burning"
    r" smell|burnt smell|hiss(?:es|ing)"
    r"|explod(?:ed|ing)|(?:electric )?shock(?:ed|s)? me|electrocuted|zapped me",
    r"bateria(?: \w+){0,3} (?:inchad[oa]|inchou|a inchar|estufad[oa]|dilatad[oa]|rebentou"
    r"|explodiu|estourou|a deitar|vazou)",
    r"inchad[oa]|estufad[oa]|(?:a )?(?:deitar|deita|saiu|sai|saindo|soltando|soltou) (?:muito"
    r" )?(?:fumo|fumaca|faiscas?)|fumo|fumaca"
    r"|faiscas?|pegou fogo|a arder|incendi\w+",
    r"(?:cheira|cheiro|cheirando|a cheirar)(?: \w+){0,2} (?:queimado|esturro|plastico queimado"
    r"|fumo)|(?:deu|apanhei|levei|da)(?: um)?"
    r" choque",
)

URGENT: Final = _any(
    r"urgent(?:ly)?|asap|a\.s\.a\.p|emergency|as soon as (?:possible|you can)|immediately|right"
    r" (?:now|away)|straight away|at once",
    r"need (?:it|this|my \w+|them)(?: \w+){0,3} (?:today|tonight|now|right away|this (?:morning"
    r"|afternoon|evening)|within the hour)",
    r"(?:can't|cannot|cant) wait|desperate(?:ly)?|life or death|time[- ]critical|in a (?:real"
    r" )?hurry|hurry(?: up)?(?! you)",
    r"urgente(?:mente)?|urgencia|emergencia|o (?:mais rapid[oa]|quanto antes)(?: possivel)?"
    r"|imediatamente|ja agora mesmo|com pressa"
    r"|muita pressa|desesperad[oa]|nao posso esperar|quanto antes",
    r"preciso(?: \w+){0,4} (?:hoje|agora|ja|para ontem|ainda hoje|esta noite|esta tarde)",
)
_DAYS: Final = (
    r"(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the"
    r" weekend|the end of (?:the )?(?:day|week)"
    r"|next week|noon|\d{1,2}(?:st|nd|rd|th)?(?: of)?(?: \w+)?)"
)
_DIAS: Final = (
    r"(?:hoje|amanha|segunda|terca|quarta|quinta|sexta|sabado|domingo|o fim de semana|a semana|o"
    r" dia \d+|dia \d+)"
)
DEADLINE: Final = _any(
    rf"(?:need|needs|want|must have|have to have|gotta have)(?: \w+){{0,5}} (?:by|before|for"
    rf"|until) {_DAYS}",
    rf"(?:by|before) {_DAYS}(?= |[.!,?\n]|$)",
    r"(?:my |an |a |the |have |got )(?:\w+ )?(?:deadline|exams?|finals|flight|presentation"
    r"|interview|wedding|conference|court date"
    r"|thesis|dissertation|trip|holiday|surgery|business trip|job interview|meeting|online"
    r" class)(?: \w+){0,4} (?:is |are |on |in |at"
    r" |due )?(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|this|next|soon|due|morning|week|hours?"
    r"|days?|in \w+)",
    r"deadline|due (?:today|tomorrow|on|this|next|in)|(?:fly|flying|travel|travelling|traveling"
    r"|leaving|leave)(?: \w+){0,4} (?:today|tonight"
    r"|tomorrow|on \w+day|this week|next week|in (?:two|three|a few|\d+))|catch a flight|can't"
    r" work without|cant work without"
    r"|(?:need|use) it for (?:work|school|uni|my job|business|an exam|exams|college)",
    rf"preciso(?: \w+){{0,5}} (?:ate|para|antes de) {_DIAS}|ate {_DIAS}(?= |[.!,?\n]|$)",
    r"(?:tenho|e|um|uma|meu|minha|o|a)(?: um| uma)? ?(?:exame|exames|prazo|voo|apresentacao"
    r"|entrevista|casamento|viagem|conferencia"
    r"|tese|defesa|reuniao|prova|frequencia|viajo)(?: \w+){0,4} (?:hoje|amanha|segunda|terca"
    r"|quarta|quinta|sexta|sabado|domingo|semana"
    r"|dia|manha|daqui)",
    r"viaj(?:o|ar|ando)(?: \w+){0,3} (?:hoje|amanha|segunda|terca|quarta|quinta|sexta|sabado"
    r"|domingo|semana)|preciso (?:dele|dela|do"
    r" \w+|da \w+|disto|disso) para (?:trabalhar|o trabalho|a escola|a faculdade|o exame|aulas)"
    r"|nao (?:posso|consigo) trabalhar sem",
)

MINOR: Final = _any(
    r"(?:i'm|im|i am) (?:only |just )?(?:8|9|10|11|12|13|14|15|16|17)(?: years?(?: old)?| yrs?|"
    r" yo)?(?=[ .!,\n]|$)(?! (?:minutes|min|km|miles"
    r"|am|pm|euros|hours|days|weeks|months))",
    r"(?:my |our )(?:\w+ )?(?:kid|kids|child|son|daughter|boy|girl|toddler|baby|grandson"
    r"|granddaughter|nephew|niece|grandchild|little one"
    r"|teenager|stepson|stepdaughter)'?s? (?:\w+ )?(?:phone|iphone|ipad|tablet|laptop|macbook"
    r"|switch|ps4|ps5|xbox|computer|chromebook|console"
    r"|device|watch|school)",
    r"(?:phone|iphone|ipad|tablet|laptop|macbook|switch|ps4|ps5|xbox|computer|chromebook|console"
    r"|device|watch)(?: \w+){0,2} (?:belongs to|of) (?:my"
    r" |our )(?:\w+ )?(?:kid|child|son|daughter|grandson|granddaughter|nephew|niece)",
    r"my (?:mum|mom|mother|dad|father|parents) (?:doesn't|don't|dont|doesnt|will kill|can't"
    r"|bought|said i|must not)",
    r"(?:tenho|eu tenho) (?:so |apenas )?(?:8|9|10|11|12|13|14|15|16|17) anos",
    r"(?:telemovel|telefone|celular|iphone|ipad|tablet|portatil|computador|consola|switch|ps4|ps5"
    r"|xbox|notebook)(?: \w+)? (?:do meu|da minha|dos meus) "
    r"(?:filh[oa]s?|filhot[ea]|net[oa]|sobrinh[oa]|miud[oa]|crianca|garot[oa]|menin[oa])",
    r"meus pais nao|minha mae nao (?:sabe|pode)|meu pai nao (?:sabe|pode)",
)

CHASING: Final = _any(
    r"any (?:news|updates?|word|progress|joy|luck|reply|response|answer|eta)|(?:what's|whats|what"
    r" is) (?:happening|going on|the (?:status|latest"
    r"|update|hold ?up|story|situation))|(?:status|update)(?=\?|$|\n| please| pls)",
    r"(?:is it|it) (?:ready|done|finished|fixed)(?: yet)?|ready yet|still waiting|been waiting"
    r"|waiting (?:for|since)|haven't heard|havent heard"
    r"|have not heard|heard nothing|no (?:answer|reply|response)|following up|follow up|just"
    r" checking|checking in|chasing"
    r"|hello\?+|anyone there|anybody there|how (?:is|are) (?:it|my|the|things)(?: \w+){0,3}"
    r" (?:going|coming|doing|repair)|when will (?:it|my|you)"
    r"|how much longer|any idea when|forgotten (?:about )?me",
    r"(?:alguma |ha |tem |ja ha |ja tem )?(?:novidades?|noticias?)|ja (?:esta|ta|ficou) pront[oa]"
    r"|(?:ainda |continuo )(?:a |estou a |estou )?(?:espera"
    r"|aguardar|aguardo|esperando)|estou a espera|qual (?:e )?o (?:ponto|estado)|ponto de"
    r" situacao|como (?:esta|vai|anda) (?:o|a|meu|minha)"
    r"|alguem (?:ai|me responde|responde)|esta ai alguem|sem resposta|nao (?:me )?(?:respondem"
    r"|responderam|dizem|disseram)|quando (?:fica|vai estar"
    r"|estara|esta)|esqueceram-se|falta muito|ola\?+",
)

THANKS: Final = _any(
    r"thank(?:s| you)(?: so much| very much| a lot)?|thx|cheers|much appreciated|appreciate it"
    r"|you(?:'re| are) (?:the best|amazing|great|awesome"
    r"|legends?|lifesavers?)|(?:great|excellent|amazing|fantastic|brilliant|awesome|perfect)"
    r" (?:job|service|work)|love it|very happy|works perfectly",
    r"(?:muito )?obrigad[oa]|obg|valeu|agradec\w+|(?:otimo|excelente|fantastico|bom|impecavel"
    r"|optimo) (?:trabalho|servico|atendimento)|impecavel"
    r"|adorei|5 estrelas|cinco estrelas|sao (?:os melhores|o maximo|top)",
)
