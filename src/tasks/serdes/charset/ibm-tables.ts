// Both line feeds of a mainframe are one, as in Java, and the first is the one that is written.
const CONTROLS =
  "\x00\x01\x02\x03\x9c\t\x86\x7f\x97\x8d\x8e\x0b\x0c\x0d\x0e\x0f" +
  "\x10\x11\x12\x13\x9d\n\x08\x87\x18\x19\x92\x8f\x1c\x1d\x1e\x1f" +
  "\x80\x81\x82\x83\x84\n\x17\x1b\x88\x89\x8a\x8b\x8c\x05\x06\x07" +
  "\x90\x91\x16\x93\x94\x95\x96\x04\x98\x99\x9a\x9b\x14\x15\x9e\x1a";

const ASCII = Buffer.from(Array.from({ length: 128 }, (_, code) => code)).toString("latin1");

/** What the bytes of charsets of IBM stand for that the web does not know, of those of PCs behind ASCII, of those of mainframes behind controls. */
const TABLES: Record<string, string> = {
  ibm437:
    ASCII +
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ" +
    "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
    "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0",
  ibm850:
    ASCII +
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ" +
    "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀" +
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0",
  ibm852:
    ASCII +
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č" +
    "áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐" +
    "└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀" +
    "ÓßÔŃńňŠšŔÚŕŰýÝţ´\xad˝˛ˇ˘§÷¸°¨˙űŘř■\xa0",
  ibm858:
    ASCII +
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ" +
    "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀" +
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0",
  ibm037:
    CONTROLS +
    " \xa0âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬" +
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"" +
    "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤" +
    "µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×" +
    "{ABCDEFGHI\xadôöòóõ}JKLMNOPQR¹ûüùúÿ" +
    "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\x9f",
  ibm273:
    CONTROLS +
    " \xa0â{àáãåçñÄ.<(+!&éêëèíîïì~Ü$*);^" +
    "-/Â[ÀÁÃÅÇÑö,%_>?øÉÊËÈÍÎÏÌ`:#§'=\"" +
    "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤" +
    "µßstuvwxyz¡¿ÐÝÞ®¢£¥·©@¶¼½¾¬|‾¨´×" +
    "äABCDEFGHI\xadô¦òóõüJKLMNOPQR¹û}ùúÿ" +
    "Ö÷STUVWXYZ²Ô\\ÒÓÕ0123456789³Û]ÙÚ\x9f",
  ibm500:
    CONTROLS +
    " \xa0âäàáãåçñ[.<(+!&éêëèíîïìß]$*);^" +
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"" +
    "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤" +
    "µ~stuvwxyz¡¿ÐÝÞ®¢£¥·©§¶¼½¾¬|¯¨´×" +
    "{ABCDEFGHI\xadôöòóõ}JKLMNOPQR¹ûüùúÿ" +
    "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\x9f",
};

/** The 256 characters of a charset of IBM, which may be called `cp850`, `IBM-850` or `ibm00858` too; undefined for others. */
export function ibmTable(name: string): string | undefined {
  const number = /^(?:ibm|cp|ccsid)?-?0*(\d+)$/.exec(name)?.[1];
  return number === undefined ? undefined : TABLES[`ibm${number.padStart(3, "0")}`];
}
