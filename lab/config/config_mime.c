/*
 * MIME maps of staticContent.
 *
 * Source: the IANA media type registry and the names in public use for types that are not in it.
 * What it ignores: completeness. What is not listed here IIS does not serve as a static file.
 */
#include "lab/config/config_rows.h"

#include "lab/lab_alloc.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_EXTENSIONS = 512, MAX_EXTENSION_BYTES = 16 };

struct mime_row {
    const char *type;
    const char *extensions; /* separated by spaces */
};

static const struct mime_row mime_rows[] = {
    {"application/atom+xml", "atom"},
    {"application/envoy", "evy"},
    {"application/font-sfnt", "ttf"},
    {"application/fractals", "fif"},
    {"application/futuresplash", "spl"},
    {"application/hta", "hta"},
    {"application/internet-property-stream", "acx"},
    {"application/java-archive", "jar"},
    {"application/javascript", "js"},
    {"application/json", "json"},
    {"application/liquidmotion", "jck jcz"},
    {"application/mac-binhex40", "hqx"},
    {"application/manifest+json", "webmanifest"},
    {"application/mathml+xml", "mathml"},
    {"application/msaccess", "accdb accde accdt"},
    {"application/msword", "doc dot"},
    {"application/octet-stream", "aaf aca afm aspmap bin cab chm csv cur deploy dsp dwp emz eot "
                                 "exe fla hhk hhp ics inf java jpb "
                                 "lpk lzh mdp mix msi mso ocx pcx pcz pfb pfm prm prx psd psm psp "
                                 "qxd rar sea smi snp thn toc u32 "
                                 "xsn xtp"},
    {"application/oda", "oda"},
    {"application/oleobject", "ods"},
    {"application/olescript", "axs"},
    {"application/onenote", "one onea onepkg onetmp onetoc onetoc2"},
    {"application/opensearchdescription+xml", "osdx"},
    {"application/pdf", "pdf"},
    {"application/pics-rules", "prf"},
    {"application/pkcs10", "p10"},
    {"application/pkcs7-mime", "p7c p7m"},
    {"application/pkcs7-signature", "p7s"},
    {"application/pkix-crl", "crl"},
    {"application/postscript", "ai eps ps"},
    {"application/rtf", "rtf"},
    {"application/set-payment-initiation", "setpay"},
    {"application/set-registration-initiation", "setreg"},
    {"application/streamingmedia", "ssm"},
    {"application/vnd.android.package-archive", "apk"},
    {"application/vnd.fdf", "fdf"},
    {"application/vnd.ms-cab-compressed", "cabx"},
    {"application/vnd.ms-excel", "xla xlc xlm xls xlt xlw"},
    {"application/vnd.ms-excel.addin.macroEnabled.12", "xlam"},
    {"application/vnd.ms-excel.sheet.binary.macroEnabled.12", "xlsb"},
    {"application/vnd.ms-excel.sheet.macroEnabled.12", "xlsm"},
    {"application/vnd.ms-excel.template.macroEnabled.12", "xltm"},
    {"application/vnd.ms-fontobject", "eotx"},
    {"application/vnd.ms-office.calx", "calx"},
    {"application/vnd.ms-officetheme", "thmx"},
    {"application/vnd.ms-pki.certstore", "sst"},
    {"application/vnd.ms-pki.pko", "pko"},
    {"application/vnd.ms-pki.seccat", "cat"},
    {"application/vnd.ms-pki.stl", "stl"},
    {"application/vnd.ms-powerpoint", "pot pps ppt"},
    {"application/vnd.ms-powerpoint.addin.macroEnabled.12", "ppam"},
    {"application/vnd.ms-powerpoint.presentation.macroEnabled.12", "pptm"},
    {"application/vnd.ms-powerpoint.slide.macroEnabled.12", "sldm"},
    {"application/vnd.ms-powerpoint.slideshow.macroEnabled.12", "ppsm"},
    {"application/vnd.ms-powerpoint.template.macroEnabled.12", "potm"},
    {"application/vnd.ms-project", "mpp"},
    {"application/vnd.ms-visio.viewer", "vdx vsd vss vst vsto vsw vsx vtx"},
    {"application/vnd.ms-word.document.macroEnabled.12", "docm"},
    {"application/vnd.ms-word.template.macroEnabled.12", "dotm"},
    {"application/vnd.ms-works", "wcm wdb wks wps"},
    {"application/vnd.ms-xpsdocument", "xps"},
    {"application/vnd.oasis.opendocument.presentation", "odp"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.slide", "sldx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.slideshow", "ppsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.template", "potx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.template", "xltx"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.template", "dotx"},
    {"application/vnd.rn-realmedia", "rm"},
    {"application/vnd.visio", "vsdx"},
    {"application/wasm", "wasm"},
    {"application/winhlp", "hlp"},
    {"application/x-bcpio", "bcpio"},
    {"application/x-cdf", "cdf"},
    {"application/x-compress", "z"},
    {"application/x-compressed", "tgz"},
    {"application/x-cpio", "cpio"},
    {"application/x-csh", "csh"},
    {"application/x-director", "dcr dir dxr"},
    {"application/x-dvi", "dvi"},
    {"application/x-gtar", "gtar"},
    {"application/x-gzip", "gz"},
    {"application/x-hdf", "hdf"},
    {"application/x-internet-signup", "ins isp"},
    {"application/x-iphone", "iii"},
    {"application/x-java-applet", "class"},
    {"application/x-latex", "latex"},
    {"application/x-miva-compiled", "mvc"},
    {"application/x-ms-application", "application"},
    {"application/x-ms-manifest", "manifest"},
    {"application/x-ms-reader", "lit"},
    {"application/x-ms-vsto", "vstx"},
    {"application/x-ms-wmd", "wmd"},
    {"application/x-ms-wmz", "wmz"},
    {"application/x-ms-xbap", "xbap"},
    {"application/x-msaccess", "mdb"},
    {"application/x-mscardfile", "crd"},
    {"application/x-msclip", "clp"},
    {"application/x-msdownload", "dll"},
    {"application/x-msmediaview", "m13 m14 mvb"},
    {"application/x-msmetafile", "wmf"},
    {"application/x-msmoney", "mny"},
    {"application/x-mspublisher", "pub"},
    {"application/x-msschedule", "scd"},
    {"application/x-msterminal", "trm"},
    {"application/x-mswrite", "wri"},
    {"application/x-netcdf", "nc"},
    {"application/x-oleobject", "hhc"},
    {"application/x-perfmon", "pma pmc pml pmr pmw"},
    {"application/x-pkcs12", "p12 pfx"},
    {"application/x-pkcs7-certificates", "p7b spc"},
    {"application/x-pkcs7-certreqresp", "p7r"},
    {"application/x-quicktimeplayer", "qtl"},
    {"application/x-sh", "sh"},
    {"application/x-shar", "shar"},
    {"application/x-shockwave-flash", "swf"},
    {"application/x-silverlight-app", "xap"},
    {"application/x-smaf", "mmf"},
    {"application/x-stuffit", "sit"},
    {"application/x-sv4cpio", "sv4cpio"},
    {"application/x-sv4crc", "sv4crc"},
    {"application/x-tar", "tar"},
    {"application/x-tcl", "tcl"},
    {"application/x-tex", "tex"},
    {"application/x-texinfo", "texi texinfo"},
    {"application/x-troff", "roff t tr"},
    {"application/x-troff-man", "man"},
    {"application/x-troff-me", "me"},
    {"application/x-troff-ms", "ms"},
    {"application/x-ustar", "ustar"},
    {"application/x-wais-source", "src"},
    {"application/x-x509-ca-cert", "cer crt der"},
    {"application/x-zip-compressed", "zip"},
    {"application/xaml+xml", "xaml"},
    {"application/xhtml+xml", "xht xhtml"},
    {"application/xml", "xsd"},
    {"audio/aac", "aac"},
    {"audio/aiff", "aifc aiff"},
    {"audio/basic", "au snd"},
    {"audio/mid", "mid midi rmi"},
    {"audio/mp4", "m4a"},
    {"audio/mpeg", "mp3"},
    {"audio/ogg", "oga opus"},
    {"audio/vnd.dlna.adts", "adt adts"},
    {"audio/wav", "wav"},
    {"audio/webm", "weba"},
    {"audio/x-aiff", "aif"},
    {"audio/x-mpegurl", "m3u"},
    {"audio/x-ms-wax", "wax"},
    {"audio/x-ms-wma", "wma"},
    {"audio/x-pn-realaudio", "ra ram"},
    {"audio/x-pn-realaudio-plugin", "rpm"},
    {"audio/x-smd", "smd smx smz"},
    {"drawing/x-dwf", "dwf"},
    {"font/otf", "otf"},
    {"font/x-woff", "woff"},
    {"font/woff2", "woff2"},
    {"image/avif", "avif"},
    {"image/bmp", "bmp dib"},
    {"image/cis-cod", "cod"},
    {"image/gif", "gif"},
    {"image/ief", "ief"},
    {"image/jpeg", "jpe jpeg jpg"},
    {"image/pjpeg", "jfif"},
    {"image/png", "png pnz"},
    {"image/svg+xml", "svg svgz"},
    {"image/tiff", "tif tiff"},
    {"image/vnd.ms-photo", "wdp"},
    {"image/vnd.rn-realflash", "rf"},
    {"image/vnd.wap.wbmp", "wbmp"},
    {"image/webp", "webp"},
    {"image/x-cmu-raster", "ras"},
    {"image/x-cmx", "cmx"},
    {"image/x-icon", "ico"},
    {"image/x-jg", "art"},
    {"image/x-portable-anymap", "pnm"},
    {"image/x-portable-bitmap", "pbm"},
    {"image/x-portable-graymap", "pgm"},
    {"image/x-portable-pixmap", "ppm"},
    {"image/x-rgb", "rgb"},
    {"image/x-xbitmap", "xbm"},
    {"image/x-xpixmap", "xpm"},
    {"image/x-xwindowdump", "xwd"},
    {"message/rfc822", "eml mht mhtml nws"},
    {"text/calendar", "ical"},
    {"text/css", "css"},
    {"text/dlm", "dlm"},
    {"text/h323", "323"},
    {"text/html", "htm html hxt"},
    {"text/iuls", "uls"},
    {"text/jscript", "jsx"},
    {"text/plain", "asm bas c cnf cpp h map txt vcs"},
    {"text/richtext", "rtx"},
    {"text/scriptlet", "sct wsc"},
    {"text/sgml", "sgml"},
    {"text/tab-separated-values", "tsv"},
    {"text/vbscript", "vbs"},
    {"text/vnd.wap.wml", "wml"},
    {"text/vnd.wap.wmlscript", "wmls"},
    {"text/vtt", "vtt"},
    {"text/webviewhtml", "htt"},
    {"text/x-component", "htc"},
    {"text/x-hdml", "hdml"},
    {"text/x-ms-odc", "odc"},
    {"text/x-setext", "etx"},
    {"text/x-vcard", "vcf"},
    {"text/xml", "disco dll.config dtd exe.config mno vml wsdl xml xsf xsl xslt"},
    {"video/3gpp", "3gp 3gpp"},
    {"video/3gpp2", "3g2 3gp2"},
    {"video/mp4", "m4v mp4 mp4v"},
    {"video/mpeg", "m1v mp2 mpa mpe mpeg mpg mpv2"},
    {"video/ogg", "ogg ogv"},
    {"video/quicktime", "mov qt"},
    {"video/vnd.dlna.mpeg-tts", "m2ts ts tts"},
    {"video/webm", "webm"},
    {"video/x-flv", "flv"},
    {"video/x-ivf", "IVF"},
    {"video/x-la-asf", "lsf lsx"},
    {"video/x-ms-asf", "asf asr asx nsc"},
    {"video/x-ms-wm", "wm"},
    {"video/x-ms-wmp", "wmp"},
    {"video/x-ms-wmv", "wmv"},
    {"video/x-ms-wmx", "wmx"},
    {"video/x-ms-wtv", "wtv"},
    {"video/x-ms-wvx", "wvx"},
    {"video/x-msvideo", "avi"},
    {"video/x-sgi-movie", "movie"},
    {"x-world/x-vrml", "flr wrl wrz xaf xof"},
};

struct mime_map {
    char extension[MAX_EXTENSION_BYTES];
    const char *type;
};

static int compare_maps(const void *left, const void *right)
{
    const struct mime_map *a = left;
    const struct mime_map *b = right;
    return strcmp(a->extension, b->extension);
}

/* The extensions of one row behind those at n. */
static size_t split_row(const struct mime_row *row, struct mime_map *maps, size_t n)
{
    const char *at = row->extensions;
    while (*at != '\0' && n < MAX_EXTENSIONS) {
        size_t size_bytes = strcspn(at, " ");
        maps[n].extension[0] = '.';
        for (size_t i = 0; i < size_bytes && i + 2 < MAX_EXTENSION_BYTES; i++) {
            maps[n].extension[i + 1] = at[i];
        }
        maps[n].type = row->type;
        n++;
        at += size_bytes;
        at += strspn(at, " ");
    }
    return n;
}

void iw_lab_config_add_mime(struct iw_lab_element *static_content)
{
    struct mime_map *maps = iw_lab_alloc_zeroed(MAX_EXTENSIONS, sizeof *maps);
    size_t n = 0;
    for (size_t i = 0; i < sizeof mime_rows / sizeof mime_rows[0]; i++) {
        n = split_row(&mime_rows[i], maps, n);
    }
    qsort(maps, n, sizeof *maps, compare_maps);
    for (size_t i = 0; i < n; i++) {
        struct iw_lab_element *map = iw_lab_element_new(static_content, "mimeMap");
        iw_lab_element_set(map, "fileExtension", maps[i].extension);
        iw_lab_element_set(map, "mimeType", maps[i].type);
    }
    iw_lab_alloc_release(maps);
}
