// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation

/// The fixed parts of the report: style, script and frame. Nothing of a capture stands in them.
enum ReportPage {
    static let style = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--dim:#5f6b76;--line:#d9dee3;--card:#f5f7f9;--ok:#176b3a;\
        --no:#b3261e;--ask:#8a5a00;--okbg:#e3f4e9;--nobg:#fce8e6;--askbg:#fdf0d5;--hi:#0b57d0}
        @media(prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--dim:#9aa6b2;--line:#333b43;--card:#1c2228;\
        --ok:#7fd6a0;--no:#ff9a91;--ask:#f2c46d;--okbg:#163524;--nobg:#42201d;--askbg:#3d2f10;--hi:#8ab4f8}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:84rem;background:var(--bg);color:var(--fg);\
        font:15px/1.45 system-ui,sans-serif;display:flex;flex-direction:column;gap:1rem}
        h1{font-size:1.35rem;margin:0}h2{font-size:1rem;margin:1rem 0 .4rem}
        header p,header details{margin:.2rem 0;color:var(--dim);overflow-wrap:anywhere;border:0}
        .summary{order:1;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem}
        .summary h2{margin-top:0}.summary ul{margin:.3rem 0 0;padding-left:1.2rem;overflow-wrap:anywhere}
        .summary dl{margin:0;display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}
        dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
        .filters{order:2;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;position:sticky;top:0;z-index:1;\
        background:var(--bg);padding:.4rem 0}
        .filters[hidden]{display:none}
        .filters select,.filters input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);\
        border-radius:.4rem;padding:.35rem .5rem;min-width:0;max-width:100%}
        .filters input{flex:1 1 12rem}.filters output{color:var(--dim)}
        main{order:3;border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
        .row{display:grid;grid-template-columns:3.2rem 7.2rem minmax(5rem,1fr) minmax(8rem,1.5fr) 9.5rem minmax(9rem,1.3fr) \
        minmax(7rem,1.1fr) minmax(7rem,1.2fr);gap:.1rem .8rem;padding:.45rem .8rem;align-items:baseline}
        .row>span{min-width:0;overflow-wrap:anywhere}
        .head{font-size:.8rem;color:var(--dim);background:var(--card);border-bottom:1px solid var(--line)}
        details{border-bottom:1px solid var(--line)}details:last-child{border-bottom:0}
        summary{cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
        summary:hover{background:var(--card)}summary:focus-visible{outline:2px solid var(--hi);outline-offset:-2px}
        .n::before,.summary summary::before,header summary::before{content:"▸ ";color:var(--dim)}
        details[open]>summary .n::before,.summary details[open]>summary::before,\
        header details[open]>summary::before{content:"▾ "}
        .dim{color:var(--dim)}
        .v{display:inline-block;border-radius:.3rem;padding:0 .4rem;font-weight:600;font-size:.85rem}
        .approved{color:var(--ok);background:var(--okbg)}.rejected{color:var(--no);background:var(--nobg)}
        .unjudged{color:var(--ask);background:var(--askbg)}
        .body{padding:.2rem 1rem 1rem;border-top:1px dashed var(--line)}
        .body dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line);\
        overflow-wrap:anywhere}th{color:var(--dim);font-weight:500}
        .scroll{overflow-x:auto}
        .diff{font:.82rem/1.5 ui-monospace,monospace;border:1px solid var(--line);border-radius:.4rem;overflow-x:auto;\
        padding:.4rem 0;margin:0}
        .diff div{white-space:pre-wrap;overflow-wrap:anywhere;padding:0 .6rem 0 1.9rem;text-indent:-1.3rem;min-height:1.5em}
        .diff .added{background:var(--okbg)}.diff .dropped{background:var(--nobg)}.diff .changed{background:var(--askbg)}
        .diff .was{color:var(--dim);text-decoration:line-through}
        svg{display:block;max-width:none;font:12px ui-monospace,monospace}
        svg text{fill:var(--fg)}svg .t{fill:var(--dim)}svg .l{stroke:var(--line)}svg .a{stroke:var(--fg);fill:none}
        svg .h{fill:var(--fg)}
        .narrow{display:none}.narrow p{margin:0 0 .4rem;font:.8rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
        @media(max-width:36rem){.wide{display:none}.narrow{display:block}.narrow svg{max-width:100%;height:auto}}
        @media(max-width:60rem){.row{display:flex;flex-wrap:wrap;gap:.05rem .7rem}
        .row.head{display:none}.row .n{order:-3}.row .time{order:-2}.row .verdict{order:-1;display:flex;gap:.5rem;align-items:baseline;\
        flex-wrap:wrap}.row>span:empty{display:none}.row>span[data-h]{flex:1 0 100%}
        .row>span[data-h]::before{content:attr(data-h) " ";color:var(--dim);font-size:.8rem}
        .body{padding:.2rem .7rem .8rem}.body dl,.summary dl{grid-template-columns:1fr;gap:0}
        .body dd,.summary dd{margin-bottom:.4rem}.filters select{flex:1 1 8rem}.filters{position:static}}
        @media(max-width:60rem){.rules thead{display:none}.rules tr{display:block;padding:.3rem 0;\
        border-bottom:1px solid var(--line)}.rules td{display:inline;border:0;padding:0 .4rem 0 0}\
        .rules td:last-child{display:block}}
        @media print{.filters{display:none}}

        """

    static let script = """

        "use strict";
        (function(){
        var bar=document.querySelector(".filters"),calls=[].slice.call(document.querySelectorAll("details.call"));
        if(!bar||!calls.length)return;
        var names=["verdict","country","rule","caller"],out=bar.querySelector("output"),find=bar.querySelector("input");
        var lists=names.map(function(name){
        var list=bar.querySelector("select[name="+name+"]"),seen={};
        calls.forEach(function(call){var value=call.dataset[name];if(value)seen["="+value]=(seen["="+value]||0)+1;});
        Object.keys(seen).sort().forEach(function(key){var option=document.createElement("option");
        option.value=key.slice(1);option.textContent=key.slice(1)+" ("+seen[key]+")";list.appendChild(option);});
        list.addEventListener("change",apply);return list;});
        var texts=calls.map(function(){return null;});
        function apply(){
        var words=find.value.toLowerCase().split(/\\s+/).filter(Boolean),shown=0;
        calls.forEach(function(call,place){
        var fits=lists.every(function(list,which){return !list.value||call.dataset[names[which]]===list.value;});
        if(fits&&words.length){if(texts[place]===null)texts[place]=call.textContent.toLowerCase();
        fits=words.every(function(word){return texts[place].indexOf(word)>=0;});}
        call.hidden=!fits;if(fits)shown++;});
        out.textContent=shown+" of "+calls.length+" calls";}
        find.addEventListener("input",apply);bar.hidden=false;apply();
        })();

        """

    /// What stands before the calls.
    static func head(_ captures: [String]) -> String {
        var names = "<p>\(captures.map(HTMLText.escaped).joined(separator: "<br>"))</p>"
        if captures.count > 4 {
            names = "<details><summary>\(captures.count) captures</summary>\(names)</details>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(contentSecurityPolicy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>Policy dry run</title>
            <style>
            \(style)</style>
            </head>
            <body>
            <header><h1>Policy dry run</h1>\(names)</header>
            <form class="filters" hidden>
            <select name="verdict" aria-label="Verdict"><option value="">any verdict</option></select>
            <select name="country" aria-label="Country"><option value="">any country</option></select>
            <select name="rule" aria-label="Rejected by"><option value="">any rule</option></select>
            <select name="caller" aria-label="Caller"><option value="">any caller</option></select>
            <input type="search" name="text" aria-label="Search" placeholder="search in everything">
            <output></output>
            </form>
            <main>
            <div class="row head"><span>#</span><span>Time (UTC)</span><span>Caller</span><span>Dialled → number</span>\
            <span>Country, class</span><span class="verdict">Verdict</span><span>Shown as, trunk</span>\
            <span>In the capture</span></div>

            """
    }

    /// What stands after everything.
    static let foot = "<script>\(script)</script>\n</body>\n</html>\n"

    /// Only this script runs, whatever else might look like one; nothing is loaded from anywhere.
    private static var contentSecurityPolicy: String {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(script.utf8)
        _ = SHA256(bytes, bytes.count, &digest)
        let hash = Data(digest).base64EncodedString()
        return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(hash)'; base-uri 'none'; "
            + "form-action 'none'"
    }
}
